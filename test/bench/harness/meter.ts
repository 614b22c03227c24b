import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { type IntervalHistogram, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

/** CPU time that a process has had, and when it was asked. */
export interface Usage {
  readonly cpuMicros: number;
  /** On the clock of V8, which its trace of collections has too; off by a millisecond or two. */
  readonly atMs: number;
}

/** Bytes. */
export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  /** Buffers, outside the heap. */
  readonly external: number;
}

/** What every measured process tells of itself, in the same way. */
export interface MeterService {
  usage(): Usage | Promise<Usage>;
  /** After a full collection. */
  memory(): Promise<Memory>;
  watchStalls(): void;
  /** The longest time that the event loop did not come round since `watchStalls`. */
  longestStallMs(): number;
  startProfile(): Promise<void>;
  stopProfile(file: string): Promise<void>;
}

const PROFILE_INTERVAL_MICROS = 200;

let delays: IntervalHistogram | undefined;
let session: Session | undefined;

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuMicros: user + system, atMs: performance.now() - performance.nodeTiming.v8Start };
}

async function memory(): Promise<Memory> {
  for (let round = 0; round < 2; round++) {
    globalThis.gc?.();
    await wait(10); // finalizers, and pages given back in the background
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heapUsed, external };
}

function watchStalls(): void {
  delays ??= monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  delays.reset();
}

function longestStallMs(): number {
  delays?.disable();
  return (delays?.max ?? 0) / 1e6; // nanoseconds
}

async function startProfile(): Promise<void> {
  session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: PROFILE_INTERVAL_MICROS });
  await session.post('Profiler.start');
}

async function stopProfile(file: string): Promise<void> {
  const result = await session?.post('Profiler.stop');
  session?.disconnect();
  writeFileSync(file, JSON.stringify(result?.profile));
}

export const meter: MeterService = { usage, memory, watchStalls, longestStallMs, startProfile, stopProfile };
