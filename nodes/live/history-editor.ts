import type { ListenerView, LiveView, Series } from './protocol.js';

/** What the sparklines show, in seconds. */
export const WINDOW = 60;

type Name = keyof Series;
type Values = (number | null)[];

const NAMES: readonly Name[] = ['connections', 'received', 'sent', 'refused'];

/** The last minute of each listener, put together of what the runtime adds with each answer. */
export class History {
  readonly #listeners = new Map<string, Record<Name, Values>>();

  add({ listeners }: LiveView): void {
    const ids = new Set(listeners.map(({ id }) => id));
    for (const id of this.#listeners.keys()) if (!ids.has(id)) this.#listeners.delete(id);
    for (const listener of listeners) this.#append(listener);
  }

  /** Second by second, the sum of these listeners; null where nothing is known of any. */
  sum(ids: readonly string[], ...names: readonly Name[]): Values {
    const all = ids.flatMap((id) => names.map((name) => this.#listeners.get(id)?.[name] ?? []));
    const length = Math.max(0, ...all.map((values) => values.length));
    return Array.from({ length }, (_none, index) => {
      const known = all.flatMap((values) => values.at(index - length) ?? []);
      return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
    });
  }

  #append({ id, series }: ListenerView): void {
    const before = this.#listeners.get(id);
    const entries = NAMES.map((name) => [name, [...(before?.[name] ?? []), ...series[name]].slice(-WINDOW)]);
    this.#listeners.set(id, Object.fromEntries(entries) as Record<Name, Values>); // NAMES has them all
  }
}

/** The last that is known. */
export function latest(values: Values): number | undefined {
  return values.filter((value): value is number => value !== null).at(-1);
}
