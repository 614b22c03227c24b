import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** One garbage collection, as V8 tells of it. */
export interface Collection {
  /** When it ended, in milliseconds on the clock of V8 (`MeterService.usage`). */
  readonly atMs: number;
  /** Of the young generation alone. */
  readonly isScavenge: boolean;
  readonly pauseMs: number;
  /** Moved to the old generation. */
  readonly promotedBytes: number;
}

/** From and to, in milliseconds on the clock of V8. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What collections did in a span of time. */
export interface GcUse {
  readonly scavenges: number;
  /** All pauses of the main thread. */
  readonly pauseMs: number;
  /**
   * By scavenges alone: a full collection promotes whatever is under way, in the good mode as in the bad one, and where
   * messages are large, memory outside the heap makes it come often.
   */
  readonly promotedBytes: number;
}

/** The flag that has V8 write what `GcTrace` reads. */
export const TRACE_FLAG = '--trace-gc-nvp';

/** The order of the fields is the same in V8 11 to 13, Node.js 20 to 24. */
const LINE = /^\[\d+:0x[\da-f]+(?::\d+)?\] +(\d+) ms: pause=([\d.]+) .*?\bgc=(\w+) .*?\bpromoted=(\d+) /;

/** @returns undefined for a line that tells of no collection */
export function parseCollection(line: string): Collection | undefined {
  const [, at, pause, kind, promoted] = LINE.exec(line) ?? [];
  if (kind === undefined) return undefined;
  return {
    atMs: Number(at),
    isScavenge: kind === 's',
    pauseMs: Number(pause),
    promotedBytes: Number(promoted),
  };
}

export function useIn({ fromMs, toMs }: Span, collections: readonly Collection[]): GcUse {
  const within = collections.filter(({ atMs }) => atMs > fromMs && atMs <= toMs);
  const scavenges = within.filter(({ isScavenge }) => isScavenge);
  return {
    scavenges: scavenges.length,
    pauseMs: sum(within.map(({ pauseMs }) => pauseMs)),
    promotedBytes: sum(scavenges.map(({ promotedBytes }) => promotedBytes)),
  };
}

/**
 * The collections of a process, from its output. Node's own observer of collections knows neither promoted nor survived
 * bytes, and the size of the old generation, which heap statistics give, falls with each full collection: only the trace
 * tells the modes apart. It costs a line per collection.
 *
 * V8 writes through a buffer that is emptied when it is full, or the process ends: what is asked before that is not whole.
 */
export class GcTrace {
  readonly #collections: Collection[] = [];
  #ended: Promise<void> = Promise.resolve();

  /** When the last known collection ended. */
  get lastMs(): number {
    return this.#collections.at(-1)?.atMs ?? 0;
  }

  /** Reads the output of a process that was started with `TRACE_FLAG`; other lines go to stderr. */
  read(output: Readable): void {
    const lines = createInterface({ input: output });
    lines.on('line', (line) => {
      const collection = parseCollection(line);
      if (collection === undefined) console.error(line);
      else this.#collections.push(collection);
    });
    this.#ended = new Promise((resolve) => lines.once('close', resolve));
  }

  /** @returns undefined where the process, which must have ended, told of no collection after `span`: lines are missing */
  async during(span: Span): Promise<GcUse | undefined> {
    await this.#ended;
    return this.lastMs < span.toMs ? undefined : useIn(span, this.#collections);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
