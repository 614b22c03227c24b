/** The message with which a peer says who it is: `{"type":"authenticate","token":"…"}`. */
const TYPE = 'authenticate';

/** Whether the message may be one at all is asked of every message, so that it has to be cheap. */
const MARK = Buffer.from(TYPE);

/** The token in a peer's text message, if it is meant to authenticate; whatever else it is, is the flow's. */
export function authenticationToken(data: Buffer): string | undefined {
  if (!data.includes(MARK)) return undefined;
  try {
    const { type, token } = Object(JSON.parse(data.toString('utf8'))) as Readonly<Record<string, unknown>>;
    return type === TYPE && typeof token === 'string' ? token : undefined;
  } catch {
    return undefined;
  }
}

/** What a listener says of a login. `expiresIn`: seconds until the connection's token expires; null: never. */
export type LoginMessage =
  | { readonly type: 'authenticated' | 'expiring'; readonly expiresIn: number | null }
  | { readonly type: 'unauthorized'; readonly error: string; readonly data?: unknown };

/** What a message of a listener about a login has in it. */
const LOGIN_MARKS = ['"authenticated"', '"expiring"', '"unauthorized"'].map((mark) => Buffer.from(mark));

/** In bytes; what a listener says of a login is much shorter. */
const MAX_LOGIN_BYTES = 64 * 1024;

/** A listener's text message about a login; undefined where it is any other one. */
export function loginMessage(data: Buffer): LoginMessage | undefined {
  if (data.length > MAX_LOGIN_BYTES || !LOGIN_MARKS.some((mark) => data.includes(mark))) return undefined;
  try {
    const message = Object(JSON.parse(data.toString('utf8'))) as Readonly<Record<string, unknown>>;
    return isLoginMessage(message) ? message : undefined;
  } catch {
    return undefined;
  }
}

function isLoginMessage(
  message: Readonly<Record<string, unknown>>,
): message is LoginMessage & Readonly<Record<string, unknown>> {
  const { type, expiresIn, error } = message;
  if (type === 'unauthorized') return typeof error === 'string';
  return (type === 'authenticated' || type === 'expiring') && isExpiresIn(expiresIn);
}

function isExpiresIn(value: unknown): boolean {
  return value === null || (typeof value === 'number' && value >= 0);
}
