import type { IssuerKeysSource } from '../config/issuer-options.js';
import type { SecretEncoding } from '../config/secret-encoding.js';
import type { VerifyingKeys } from '../keys/keys.js';
import { KeysFunctionFailed } from '../keys/keys-function.js';
import type { Expected } from '../token/rules/rules.js';
import type { Unverified } from '../token/unverified.js';
import type { Check, KeySet } from './trial.js';

/** Whose keys and rules decide about a token. */
export interface Party {
  readonly keys: VerifyingKeys;
  readonly expected: Expected;
  /** As it is written down, where keys are made of one. */
  readonly secret?: WrittenSecret;
  /** What is known of the endpoint of its keys. */
  keySet?(): KeySet | undefined;
}

export interface WrittenSecret {
  readonly text: string;
  readonly encoding: SecretEncoding;
}

/** Who decides, and how that was found out; nobody where it is no token, or one of nobody's. */
export type FindParty = (unverified: Unverified | undefined) => {
  readonly checks: readonly Check[];
  readonly party?: Party;
};

/** The user's own function has not answered within the time of a handshake. */
export class KeysFunctionLate extends KeysFunctionFailed {
  constructor() {
    super('no answer');
  }
}

/** The same keys for verdict and explanation, whatever the endpoint does in between. */
export function onceFound(keys: VerifyingKeys): VerifyingKeys {
  let found: ReturnType<typeof keys.find> | undefined;
  const { watch } = keys.find;
  const find: VerifyingKeys['find'] = (header, token) => {
    found ??= keys.find(header, token);
    return found;
  };
  return { ...keys, find: watch === undefined ? find : Object.assign(find, { watch: forgetting(watch) }) };

  function forgetting(watch: () => () => Promise<boolean>) {
    return () => {
      const isChanged = watch();
      return async () => {
        const changed = await isChanged();
        if (changed) found = undefined;
        return changed;
      };
    };
  }
}

/** Keys that a function finds, asked for no longer than a handshake would. */
export function withinHandshake(
  keys: VerifyingKeys,
  { kind }: IssuerKeysSource,
  timeoutMs: number,
): VerifyingKeys {
  if (kind !== 'function') return keys;
  return {
    ...keys,
    find: async (header, token) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new KeysFunctionLate()), timeoutMs);
      });
      try {
        return await Promise.race([keys.find(header, token), late]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
