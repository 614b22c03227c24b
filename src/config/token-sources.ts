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

/** Whether `source` is among those that stand in a flow file or a dialog, as text. */
export function namesSource(sources: string, source: TokenSource): boolean {
  return sources.split(',').some((one) => one.trim() === source);
}

/** Whether a token may stand in the header `name`: not in one that a browser fills in by itself, for any page. */
export function isTokenHeader(name: string): boolean {
  return isHttpToken(name) && !/^(?:cookie|host|origin|referer|sec-.*)$/i.test(name);
}

/** Whether `name` is a token as HTTP means it (RFC 9110 §5.6.2): field names and cookie names are. */
export function isHttpToken(name: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name);
}
