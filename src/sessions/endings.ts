/** How a connection ended: what a flow, the log and whoever observes the listener are told. */
export interface Ending {
  /** `listener`: we ended it. `flow`: a flow asked for it. `peer`: the peer closed it or is gone. */
  readonly by: 'listener' | 'flow' | 'peer';
  /** RFC 6455 §7.4, or our own from the range for private use (4000-4999). 1006: without a closing handshake. */
  readonly code: number;
  /** In fixed words or the flow's, never the peer's own; undefined where the code says it all. */
  readonly reason: string | undefined;
}

/** The close codes that mean trouble. Each is a key of the catalog's `closing`. */
export const TROUBLE_CODES = [1002, 1006, 1007, 1008, 1009, 1013, 4401, 4403, 4408, 4409, 4429] as const;

/** What tells endings apart that have one code. Each is a key of the catalog's `closing`, too. */
export const TROUBLE_WORDS = ['token-revoked', 'too-many-renewals', 'by-flow'] as const;

/** The key in the catalog's `closing` of the words for an ending that is trouble. */
export function troubleKey({ by, code, reason }: Ending): string {
  if (by === 'flow') return 'by-flow';
  return TROUBLE_WORDS.find((words) => words.replaceAll('-', ' ') === reason) ?? String(code);
}

/** Why we end a connection. */
export const CLOSE = {
  tokenExpired: { by: 'listener', code: 4401, reason: 'token expired' },
  tokenRevoked: { by: 'listener', code: 4401, reason: 'token revoked' },
  sessionTimeout: { by: 'listener', code: 4408, reason: 'session timeout' },
  rateLimit: { by: 'listener', code: 4429, reason: 'rate limit exceeded' },
  replaced: { by: 'listener', code: 4409, reason: 'replaced' },
  identityChanged: { by: 'listener', code: 4403, reason: 'identity changed' },
  authenticationTimeout: { by: 'listener', code: 4408, reason: 'authentication timeout' },
  tooManyRenewals: { by: 'listener', code: 4429, reason: 'too many renewals' },
  slowConsumer: { by: 'listener', code: 1013, reason: 'slow consumer' },
  serviceRestart: { by: 'listener', code: 1012, reason: 'service restart' },
  /** The peer is cut off, and gets no code. */
  noPong: { by: 'listener', code: 1006, reason: 'no pong' },
  protocolError: { by: 'listener', code: 1002, reason: 'protocol error' },
  notUtf8: { by: 'listener', code: 1007, reason: 'invalid UTF-8' },
  tooManyParts: { by: 'listener', code: 1008, reason: 'too many fragments' },
  tooLarge: { by: 'listener', code: 1009, reason: 'message too large' },
} as const satisfies Record<string, Ending>;

/** What ws closes with by itself, by the code of its error (ws, doc/ws.md). All others are 1002. */
const BROKEN: ReadonlyMap<string, Ending> = new Map<string, Ending>([
  ['WS_ERR_INVALID_UTF8', CLOSE.notUtf8],
  ['WS_ERR_TOO_MANY_BUFFERED_PARTS', CLOSE.tooManyParts],
  ['WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH', CLOSE.tooLarge],
  ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', CLOSE.tooLarge],
]);

/** What a peer's frames led to that ws could not read; undefined where `error` is about something else. */
export function endingOf(error: Error): Ending | undefined {
  const code = 'code' in error ? error.code : undefined;
  if (typeof code !== 'string' || !code.startsWith('WS_ERR_')) return undefined;
  return BROKEN.get(code) ?? CLOSE.protocolError;
}

/** What is said of a peer that complains of us: what it writes itself could be anything. */
const COMPLAINTS: ReadonlyMap<number, string> = new Map([
  [1002, 'protocol error'],
  [1007, 'invalid UTF-8'],
  [1008, 'policy violation'],
  [1009, 'message too large'],
]);

/** The ending of a connection that we did not end. */
export function endedByPeer(code: number): Ending {
  return { by: 'peer', code, reason: COMPLAINTS.get(code) };
}

/** Whether the owner of a listener should hear of it: a rule was broken, or we had to act. A redeploy is no news. */
export function isTrouble({ by, code }: Pick<Ending, 'by' | 'code'>): boolean {
  if (by !== 'peer') return code !== CLOSE.serviceRestart.code;
  return COMPLAINTS.has(code);
}
