import type { JSONWebKeySet, JWK } from 'jose';
import type { JwksErrorCode, JwksErrorDetail } from '../keys/jwks-error.js';
import { keyProblem } from '../keys/key-problem.js';
import { quoted } from './check-results.js';
import type { KeySet, PublishedKey } from './trial.js';

/** What the keys of a set call themselves, and why those check no token that do not. Of the keys themselves: nothing. */
export async function fetchedKeys(
  { keys }: JSONWebKeySet,
  algorithms: readonly string[],
): Promise<KeySet & { readonly kind: 'fetched' }> {
  return { kind: 'fetched', keys: await Promise.all(keys.map((key) => shown(key, algorithms))) };
}

/** Why keys could not be fetched. */
export function failedFetch(failure: {
  readonly code: JwksErrorCode;
  readonly detail?: JwksErrorDetail;
}): KeySet & { readonly kind: 'failed' } {
  const { code, detail } = failure;
  return { kind: 'failed', code, ...(detail === undefined ? {} : { detail }) };
}

async function shown(key: JWK, algorithms: readonly string[]): Promise<PublishedKey> {
  const problem = await keyProblem(key, algorithms);
  const named = {
    ...member(key, 'kid'),
    ...member(key, 'kty'),
    ...member(key, 'alg'),
    ...member(key, 'use'),
  };
  return problem === undefined ? named : { ...named, problem };
}

function member(key: JWK, name: 'kid' | 'alg' | 'kty' | 'use'): PublishedKey {
  const value: unknown = key[name];
  return value === undefined ? {} : { [name]: quoted(value) };
}
