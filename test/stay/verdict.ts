import type { Stay } from './stay.js';

/** What is wrong with a stay; nothing: all is well. */
export function wrongWith({ listener, client, proxyLog, log }: Stay, mostSockets: number): string[] {
  const wrong: string[] = [];
  for (const [name, seen] of Object.entries({ listener, client })) {
    if (seen.received === 0) wrong.push(`the ${name} received nothing`);
    if (seen.broken.length > 0) wrong.push(`the ${name}'s stream is broken at ${seen.broken.join(', ')}`);
    if (seen.errors.length > 0)
      wrong.push(`the ${name} could not send ${seen.errors.length} times: ${seen.errors[0]}`);
  }
  if (client.sent - listener.received > 5)
    wrong.push(`${client.sent} were sent by the client, ${listener.received} have arrived`);
  if (listener.most > mostSockets) wrong.push(`there were ${listener.most} connections at a time`);
  if (!/CONNECT/.test(proxyLog)) wrong.push('nothing went through the proxy');
  if (/eyJ|what only the backend|proxy-secret/.test(log)) wrong.push('a secret is in the log');
  return wrong;
}
