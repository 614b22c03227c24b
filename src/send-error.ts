export type SendErrorCode =
  /** There is no open connection. */
  | 'send-not-connected'
  /** Larger than any connection's send buffer. */
  | 'send-too-large'
  /** The peer does not read fast enough: there is no room for the message now. */
  | 'send-buffer-full';

/** A message that an endpoint could not take. The code is a key of the catalog's `errors`. */
export class SendError extends Error {
  readonly code: SendErrorCode;

  constructor(code: SendErrorCode) {
    super(code);
    this.name = 'SendError';
    this.code = code;
  }
}
