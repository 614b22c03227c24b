import { type FieldCarrier, fieldLines } from './field-lines.js';

/**
 * The values of the cookie `name`, empty ones included (RFC 6265 §5.4: a browser may send several of one name).
 * @param name exactly as it was set
 */
export function tokensInCookie(request: FieldCarrier, name: string): readonly string[] {
  const pairs = fieldLines(request, 'Cookie').flatMap((line) => line.split(';'));
  return pairs.flatMap((pair) => {
    const at = pair.indexOf('=');
    return at !== -1 && pair.slice(0, at).trim() === name ? [pair.slice(at + 1).trim()] : [];
  });
}
