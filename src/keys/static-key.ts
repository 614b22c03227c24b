import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { JSONWebKeySet, JWK } from 'jose';
import { ConfigurationError } from '../config/codes.js';
import { plainPublicKey, publicKeyProblem } from '../config/public-key.js';
import { presentMembers } from './key-members.js';
import { MIN_RSA_BITS } from './key-problem.js';
import { type OpenedKeySet, openKeySet } from './key-set.js';
import type { FindKey, KeySet } from './keys.js';
import type { KeysAtOnce } from './keys-at-once.js';

/** The algorithms of each curve (RFC 7518 §3.4). */
const CURVES: ReadonlyMap<unknown, string> = new Map([
  ['prime256v1', 'ES256'],
  ['secp384r1', 'ES384'],
  ['secp521r1', 'ES512'],
]);

/**
 * Public keys that stand in a configuration: a PEM (SPKI or PKCS#1), a certificate, a JWK or a JWK Set. Of a certificate
 * only the key counts. Keys without an id serve tokens that name one, too: a PEM has no place for it.
 * @throws ConfigurationError `public-key…`: also where none of them is good for any of `algorithms`
 */
export function staticKey(text: string, algorithms: readonly string[]): KeySet {
  const { find, opened } = openStatic(text, algorithms);
  let ready: KeysAtOnce | undefined;
  opened
    .then(({ prepareAtOnce }) => prepareAtOnce())
    .then((keys) => {
      ready = keys;
    })
    .catch(() => {}); // who needs it meets the error
  return {
    kind: 'key-set',
    algorithms,
    find,
    atOnce: (kid) => ready?.get(kid),
    close: () => {},
  };
}

/**
 * The same for a key that serves one token.
 * @throws ConfigurationError as `staticKey` does
 */
export function findStaticKey(text: string, algorithms: readonly string[]): FindKey {
  const { find, opened } = openStatic(text, algorithms);
  opened.catch(() => {}); // who needs it meets the error
  return find;
}

function openStatic(
  text: string,
  algorithms: readonly string[],
): { readonly find: FindKey; readonly opened: Promise<OpenedKeySet> } {
  const problem = publicKeyProblem(text);
  if (problem !== undefined) throw new ConfigurationError(problem);
  const keys = readKeys(plainPublicKey(text));
  if (!keys.some((key) => isUsable(key, algorithms))) throw new ConfigurationError('public-key-unusable');
  const hasIds = keys.some(({ kid }) => kid !== undefined);
  const opened = openKeySet({ keys: [...keys] }, algorithms);
  return {
    find: async ({ kid, ...header }, token) =>
      (await opened).find(hasIds && kid !== undefined ? { ...header, kid } : header, token),
    opened,
  };
}

function readKeys(text: string): readonly JWK[] {
  try {
    return text.startsWith('{')
      ? readJson(JSON.parse(text))
      : [readPem(text).export({ format: 'jwk' }) as JWK]; // a JWK to node:crypto, too
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError('public-key');
  }
}

/** Node makes the public half of a private key, which `publicKeyProblem` has refused before. */
function readPem(text: string): KeyObject {
  return text.startsWith('-----BEGIN CERTIFICATE')
    ? new X509Certificate(text).publicKey
    : createPublicKey({ key: text, format: 'pem' });
}

function readJson(json: unknown): readonly JWK[] {
  const { keys = [json] } = Object(json) as Partial<JSONWebKeySet>;
  if (!Array.isArray(keys)) throw new ConfigurationError('public-key');
  const objects = keys.filter((key) => typeof key === 'object' && key !== null).map(presentMembers);
  if (objects.some(isPrivate)) throw new ConfigurationError('public-key-private');
  return objects;
}

/** `JSON.parse` knows spellings of a name that a pattern does not. */
function isPrivate(key: JWK): boolean {
  return ['d', 'k', 'p', 'q', 'dp', 'dq', 'qi', 'oth'].some((member) => Object.hasOwn(key, member));
}

function isUsable(key: JWK, algorithms: readonly string[]): boolean {
  if (key.use !== undefined && key.use !== 'sig') return false;
  if (key.key_ops !== undefined && !key.key_ops.includes('verify')) return false;
  const fitting = algorithmsOf(key).filter((alg) => key.alg === undefined || key.alg === alg);
  return fitting.some((alg) => algorithms.includes(alg));
}

/** What a key can check; nothing where it is broken or weak. */
function algorithmsOf(jwk: JWK): readonly string[] {
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
    switch (key.asymmetricKeyType) {
      case 'rsa':
        return modulusLength < MIN_RSA_BITS ? [] : ['RS', 'PS'].flatMap((kind) => withHashes(kind));
      case 'ec':
        return [CURVES.get(namedCurve) ?? []].flat();
      case 'ed25519':
        return ['EdDSA', 'Ed25519'];
      default:
        return [];
    }
  } catch {
    return [];
  }
}

function withHashes(kind: string): readonly string[] {
  return ['256', '384', '512'].map((bits) => kind + bits);
}
