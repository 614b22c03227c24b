/** How a shared secret is written down: its text in UTF-8, or text that stands for bytes (RFC 4648 §4, §5, §8). */
export const SECRET_ENCODINGS = ['utf8', 'base64', 'base64url', 'hex'] as const;

export type SecretEncoding = (typeof SECRET_ENCODINGS)[number];

/**
 * The bytes that a secret stands for; undefined where `text` is not in that encoding. Padding may be missing (RFC 4648
 * §3.2), and line breaks are passed over: openssl breaks base64 after 64 characters.
 */
export function decodeSecret(text: string, encoding: SecretEncoding): Uint8Array<ArrayBuffer> | undefined {
  if (encoding === 'utf8') return new TextEncoder().encode(text);
  const digits = text.replace(/\r?\n/g, '');
  if (encoding === 'hex') return fromHex(digits);
  if (encoding === 'base64url' && /[+/]/.test(digits)) return undefined;
  if (encoding === 'base64' && /[-_]/.test(digits)) return undefined;
  return fromBase64(digits.replaceAll('-', '+').replaceAll('_', '/'));
}

function fromHex(digits: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^(?:[\da-f]{2})*$/i.test(digits)) return undefined;
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function fromBase64(digits: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^(?:[\w+/]{4})*(?:[\w+/]{2,3}|[\w+/]{2}==|[\w+/]{3}=)?$/.test(digits) || digits.includes('_')) {
    return undefined;
  }
  return Uint8Array.from(atob(digits), (byte) => byte.charCodeAt(0));
}
