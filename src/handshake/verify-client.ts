import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { VerifyClientCallbackAsync, VerifyClientCallbackSync } from 'ws';
import { Rejection } from './rejection.js';

/** `webSocketNodeVerifyClient` of settings.js: a `verifyClient` function as ws takes it, in either of its forms. */
export type VerifyClient =
  | VerifyClientCallbackSync<IncomingMessage>
  | VerifyClientCallbackAsync<IncomingMessage>;

/**
 * Asks the user's own function whether a request may go on. Two parameters make it the callback form, as in ws
 * (lib/websocket-server.js). The other form may answer with a promise, which ws would take for a yes.
 * @throws Rejection with the function's code (400 to 599, else 401); 500 where the function itself fails
 */
export async function askVerifyClient(verifyClient: VerifyClient, request: IncomingMessage): Promise<void> {
  const answer = await ask(verifyClient, request).catch((cause: unknown) => {
    throw Object.assign(new Rejection('verification_failed'), { cause });
  });
  if (!answer.accepted) throw new Rejection('refused', { status: httpError(answer.code) });
}

interface Answer {
  readonly accepted: boolean;
  readonly code?: unknown;
}

async function ask(verifyClient: VerifyClient, request: IncomingMessage): Promise<Answer> {
  const { headers, socket } = request;
  const info = {
    origin: headers[headers['sec-websocket-version'] === '8' ? 'sec-websocket-origin' : 'origin'] as string,
    secure: (socket as Partial<TLSSocket>).encrypted === true, // node's http types know plain sockets only
    req: request,
  };
  if (verifyClient.length !== 2) {
    return { accepted: Boolean(await (verifyClient as VerifyClientCallbackSync<IncomingMessage>)(info)) };
  }
  return new Promise<Answer>((resolve, reject) => {
    const answered = verifyClient(info, (accepted, code) => resolve({ accepted: Boolean(accepted), code }));
    // an async function of two parameters may also reject
    Promise.resolve(answered).catch(reject);
  });
}

function httpError(code: unknown): number {
  return typeof code === 'number' && Number.isInteger(code) && code >= 400 && code <= 599 ? code : 401;
}
