import { decodeSecret } from './secret-encoding.js';

/** Texts that are no secret between two parties, whoever wrote them and however they were copied. */
const TEXTS: readonly RegExp[] = [
  // keys and certificates with their header lines (RFC 7468, RFC 4716, RFC 9580 §6.2), also where the dashes got lost
  /[-–—]{4,}[\s+_]*(?:BEGIN|END)\b/i,
  /\b(?:BEGIN|END)[ +_](?:[A-Z\d]+[ +_]){0,4}(?:KEY|CERTIFICATE|PGP|SSH2|PKCS7|CMS|X509)\b/,
  /^PuTTY-User-Key-File/,
  // OpenSSH public keys (RFC 4253 §6.6), also with options in front
  /(?:^|\s)(?:ssh|ecdsa|sk)-[\w.@-]+[\s+]+AAAA/,
  // JWK, JWK Set (RFC 7517), and the document that says where one is (RFC 8414 §2)
  /(?:^|[\s{[,"'])kty["']?\s*[:=]/,
  /^\{\s*["']?keys["']?\s*:/,
  /["'](?:keys|x5c|jwks_uri)["']\s*:/,
  // the same as openssl and .NET print it
  /^(?:(?:RSA |EC |ED\d+ )?Public-Key:|Modulus[:=]|Certificate:\s+Data:)/i,
  /\b(?:RSAKeyValue|X509Certificate|Modulus)>/,
  // the secrets of jwt.io's examples
  /^(?:your-\d{3}-bit-secret|a-(?:valid-)?string-secret-(?:that-is-)?at-least-\d{3}-bits-long[\w-]*)$/,
  // where a key is, on disk or elsewhere
  /^(?:[~.]{0,2}\/|[a-z]:\\)\S*\.(?:pem|crt|cer|der|key|pub|jwks?|json|p12|pfx)$/i,
  /^[a-z][a-z\d+.-]{1,15}:\/\/[^\s]/i,
  /^(?:urn|did|data|spiffe):\S/i,
  /\/\.well-known\//,
  // a token: whoever is shown one has it
  /^(?:Bearer\s+)?eyJ[\w-]*\.[\w-]+\.[\w-]*$/,
];

/** The first bytes, in hex, of keys and certificates in DER (RFC 5280, 5915, 5958, 8017) and of OpenSSH's formats. */
const HEADS: readonly RegExp[] = [
  /^30(?:[0-7].|81..|82....)30[0-7].06(?:..2a864886f70d01|..2a8648ce3|032b65|..2b81|..6086480165)/,
  /^30(?:[0-7].|81..|82....)02010[01](?:30|02|04)/,
  /^30(?:81..|82....)02(?:81..|82....)00/,
  /^30(?:81..|82....)30(?:81..|82....)(?:a0030201|02)/,
  /^000000..(?:7373682d|65636473612d|736b2d)/,
  /^6f70656e7373682d6b65792d7631/,
];

/**
 * Whether a text that should be a shared secret is recognisably something else: a key or a certificate, also in base64 or
 * hex without its header lines, a JWK or JWK Set, a token, an address. Tokens for any tenant could be made by whoever
 * knows it, and public keys are known to all (RFC 8725 §2.1). Private keys are meant as well: the listener would check
 * something else than what they sign.
 */
export function isPublicSecret(secret: string): boolean {
  return isPublicText(secret, MAX_LAYERS);
}

/** What is read of bytes that are text once more: Kubernetes and Docker store secrets in base64. */
const MAX_LAYERS = 2;

function isPublicText(secret: string, layers: number): boolean {
  const text = plain(secret);
  if (TEXTS.some((one) => one.test(text))) return true;
  const digits = text.replace(/\s+/g, '').replace(/=+$/, '');
  return (['base64', 'base64url', 'hex'] as const).some((encoding) => {
    const bytes = decodeSecret(digits, encoding);
    return bytes !== undefined && isPublicBytes(bytes, layers);
  });
}

function isPublicBytes(bytes: Uint8Array, layers: number): boolean {
  const head = Array.from(bytes.subarray(0, 32), (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (HEADS.some((one) => one.test(head))) return true;
  const text = new TextDecoder().decode(bytes);
  // random bytes are no such text: what looks like a URL by chance is not refused
  return layers > 0 && /^[\t\n\r -~]+$/.test(text) && isPublicText(text, layers - 1);
}

/** Takes off what copying puts around and into a text: a byte order mark, quotes, escapes of JSON and of URLs. */
function plain(secret: string): string {
  const unescaped = percentDecoded(secret)
    .replace(/\\[nrt]/g, '\n')
    .replace(/\\+(["'/])/g, '$1');
  return unescaped.replace(/^[\s"'`<\uFEFF]+|[\s"'`>\uFEFF]+$/g, '');
}

function percentDecoded(text: string): string {
  return text
    .replace(/%([2-7][\da-f])/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replace(/%0[ad]/gi, '\n');
}
