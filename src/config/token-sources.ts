/** The places of an upgrade request, and after it, in which a token may stand. */
export const TOKEN_SOURCES = ['query', 'header', 'protocol', 'cookie', 'message'] as const;

export type TokenSource = (typeof TOKEN_SOURCES)[number];

/** Where a listener looks for a token, and nowhere else. */
export interface TokenPlaces {
  readonly tokenSources: readonly TokenSource[];
  /** A field name, in any case. */
  readonly tokenHeader: string;
  /** A cookie's name, exactly. */
  readonly tokenCookie: string;
}

/** Whether `name` is a token as HTTP means it (RFC 9110 §5.6.2): field names and cookie names are. */
export function isHttpToken(name: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name);
}
