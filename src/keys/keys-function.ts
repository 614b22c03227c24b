import { createSecretKey, KeyObject } from 'node:crypto';
import type { CompactJWSHeaderParameters, FlattenedJWSInput } from 'jose';
import { isSecretAlgorithm, minSecretBytes } from '../config/algorithms.js';
import { ConfigurationError } from '../config/codes.js';
import { isPublicSecret } from '../config/public-secret.js';
import type { KeySet } from './keys.js';
import { findStaticKey } from './static-key.js';

/** What the user's function is told of a token that nothing vouches for yet. */
export interface KeyQuestion {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** The listener's. */
  readonly path: string;
}

/** `websocketPlusKeys` of settings.js. */
export type KeysFunctions = Readonly<Record<string, unknown>>;

type AskForKey = (question: KeyQuestion) => unknown;

/** The user's own function failed: the fault is not the peer's. */
export class KeysFunctionFailed extends Error {
  constructor(cause: unknown) {
    super('the function for keys failed', { cause });
    this.name = 'KeysFunctionFailed';
  }
}

/** It knows no key for a token. */
class NoKey extends Error {
  readonly code = 'ERR_JWKS_NO_MATCHING_KEY';
}

/**
 * Keys that a function of settings.js finds, asked for every token: nothing is kept.
 * @throws ConfigurationError `keys-function` where there is none of that name
 */
export function functionKeys(
  name: string,
  functions: KeysFunctions = {},
  algorithms: readonly string[],
): (path: string) => KeySet {
  const ask = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (typeof ask !== 'function') throw new ConfigurationError('keys-function');
  return (path) => ({
    kind: 'key-set',
    algorithms,
    find: async (header, token) => {
      const key = await askForKey(ask as AskForKey, header, token, path);
      return usableKey(key, header, token, algorithms);
    },
    close: () => {},
  });
}

async function askForKey(
  ask: AskForKey,
  header: CompactJWSHeaderParameters,
  token: FlattenedJWSInput,
  path: string,
): Promise<unknown> {
  const claims = claimsOf(token);
  try {
    return await ask({ header: { ...header }, claims, path });
  } catch (error) {
    throw new KeysFunctionFailed(error);
  }
}

function claimsOf({ payload }: FlattenedJWSInput): Readonly<Record<string, unknown>> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(String(payload), 'base64url').toString());
    return Object(claims) as Readonly<Record<string, unknown>>;
  } catch {
    throw new NoKey();
  }
}

/** Checks a key as one in a configuration is checked; what is no key at all is the function's fault. */
async function usableKey(
  key: unknown,
  header: CompactJWSHeaderParameters,
  token: FlattenedJWSInput,
  algorithms: readonly string[],
) {
  if (key === null) throw new NoKey();
  try {
    if (isSecretAlgorithm(header.alg)) return secretOf(key, String(header.alg));
    return await findStaticKey(publicTextOf(key), algorithms)(header, token);
  } catch (error) {
    throw error instanceof ConfigurationError || error instanceof TypeError
      ? new KeysFunctionFailed(error)
      : error;
  }
}

function secretOf(key: unknown, alg: string): KeyObject {
  if (typeof key === 'string' && isPublicSecret(key.trim())) throw new ConfigurationError('secret-public');
  const secret = typeof key === 'string' ? Buffer.from(key) : key instanceof KeyObject ? bytesOf(key) : key;
  if (!(secret instanceof Uint8Array)) throw new ConfigurationError('secret-missing');
  if (secret.length < minSecretBytes([alg])) throw new ConfigurationError('secret-short');
  return createSecretKey(secret);
}

function bytesOf(key: KeyObject): Uint8Array | undefined {
  return key.type === 'secret' ? key.export() : undefined;
}

function publicTextOf(key: unknown): string {
  if (typeof key === 'string') return key;
  if (key instanceof KeyObject) {
    if (key.type !== 'public') throw new ConfigurationError('public-key-private');
    return JSON.stringify(key.export({ format: 'jwk' }));
  }
  if (typeof key !== 'object' || key instanceof Uint8Array) throw new ConfigurationError('public-key');
  return JSON.stringify(key);
}
