/** Values that were made not long ago, by what they are made of: half of them, the oldest ones, are forgotten at a time. */
export class Recent<K, V> {
  readonly #make: (key: K) => V;
  readonly #limit: number;
  #young = new Map<K, V>();
  #old = new Map<K, V>();

  /** @param limit of values that are kept */
  constructor(limit: number, make: (key: K) => V) {
    this.#make = make;
    this.#limit = limit;
  }

  get(key: K): V {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const value = this.#old.get(key) ?? this.#make(key);
    this.#young.set(key, value);
    if (this.#young.size >= this.#limit / 2) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    return value;
  }
}
