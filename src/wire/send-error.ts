/** Every reason why a message cannot be sent. Each is a key of the catalog's `errors`. */
export const SEND_ERROR_CODES = [
  /** The message comes from no session of this runtime, and the scope needs one. */
  'send-no-session',
  /** The session that the message comes from belongs to no tenant. */
  'send-no-tenant',
  /** The message has no form on the wire: it is circular, say, or holds a BigInt. */
  'send-unserialisable',
  /** There is no open connection. */
  'send-not-connected',
  /** Larger than any connection's send buffer. */
  'send-too-large',
  /** The peer does not read fast enough: there is no room for the message now. */
  'send-buffer-full',
  /** Sent here only: the other instances of the cluster cannot be reached. */
  'cluster-down',
  /** Sent here only: too much waits for the cluster's broker already. */
  'cluster-busy',
  /** Sent here only: larger than what the cluster's broker takes. */
  'cluster-too-large',
  /** It waited for a connection until newer messages needed its place. */
  'send-queue-full',
  /** It waited for a connection longer than it may. */
  'send-queue-expired',
] as const;

export type SendErrorCode = (typeof SEND_ERROR_CODES)[number];

/** A message that an endpoint could not take. */
export class SendError extends Error {
  readonly code: SendErrorCode;

  constructor(code: SendErrorCode, options?: ErrorOptions) {
    super(code, options);
    this.name = 'SendError';
    this.code = code;
  }
}
