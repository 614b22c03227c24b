/**
 * The values of the query parameter `token`, empty ones included.
 * @param target the request line's target (RFC 9112 §3.2), as received
 */
export function tokensInQuery(target: string): readonly string[] {
  const query = target.indexOf('?');
  return query === -1 ? [] : new URLSearchParams(target.slice(query + 1)).getAll('token');
}
