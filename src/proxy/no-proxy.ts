const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/**
 * Whether `list` exempts `target` from the proxy, by the rules of proxy-from-env: hosts separated by commas or white
 * space, each with a port or without; `*` alone for all; a leading `.` or `*` stands for any beginning. That package looks
 * into the process's environment only, so it cannot be asked about a list that settings.js gives.
 */
export function isExempt(target: URL, list: string): boolean {
  const entries = list.toLowerCase().trim();
  if (entries === '*') return true;
  return entries.split(/[,\s]+/).some((entry) => entry !== '' && matches(target, entry));
}

function matches({ protocol, hostname, port }: URL, entry: string): boolean {
  const [, host = entry, onlyPort] = /^(.+):(\d+)$/.exec(entry) ?? [];
  if (onlyPort !== undefined && Number(onlyPort) !== Number(port || DEFAULT_PORTS[protocol])) return false;
  return /^[.*]/.test(host) ? hostname.endsWith(host.replace(/^\*/, '')) : hostname === host;
}
