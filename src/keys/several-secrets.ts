/** Says, as jose's key sets do, that several keys may fit: `withKeys` then tries them. */
export class SeveralSecrets<K> extends Error {
  readonly code = 'ERR_JWKS_MULTIPLE_MATCHING_KEYS';
  readonly #keys: readonly (K | Promise<K>)[];

  constructor(keys: readonly (K | Promise<K>)[]) {
    super('several keys may fit');
    this.name = 'SeveralSecrets';
    this.#keys = keys;
  }

  async *[Symbol.asyncIterator](): AsyncIterableIterator<K> {
    for (const key of this.#keys) yield await key;
  }
}
