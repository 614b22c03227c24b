import { type FieldCarrier, fieldLines } from './field-lines.js';

/**
 * The tokens in a header, empty ones included. In `Authorization` another scheme than `Bearer` (RFC 6750 §2.1) is no token;
 * any other header holds a bare one, or one behind `Bearer`.
 * @param name of the header, in any case
 */
export function tokensInHeader(request: FieldCarrier, name: string): readonly string[] {
  const lines = fieldLines(request, name);
  const credentials = lines.map((line) => /^Bearer(?: +(.*))?$/i.exec(line));
  if (name.toLowerCase() === 'authorization') {
    return credentials.flatMap((found) => (found === null ? [] : [found[1] ?? '']));
  }
  return lines.map((line, index) => {
    const found = credentials[index];
    return found ? (found[1] ?? '') : line;
  });
}
