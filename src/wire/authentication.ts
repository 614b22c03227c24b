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
