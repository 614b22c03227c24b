/** What a token says, and nothing vouches for. */
export interface Unverified {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Reads a token in compact form; undefined where its header or its claims are no JSON object (RFC 7519 §7.2). */
export function readUnverified(token: string): Unverified | undefined {
  const [header = '', claims = ''] = token.split('.');
  try {
    const both = [header, claims].map((part): unknown =>
      JSON.parse(Buffer.from(part, 'base64url').toString()),
    );
    return both.every(isObject) ? { header: Object(both[0]), claims: Object(both[1]) } : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
