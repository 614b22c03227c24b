import type { Figures } from '../support/package/watched-node-red.js';

/** What is promised, what was counted, and whether the promise was kept. */
export type Finding = readonly [promise: string, figure: string, kept: boolean];

/** How much the heap may have grown: caches fill up, code is compiled. What leaks grows with what was connected. */
const HEAP_GROWTH_BYTES = 8 * 1024 * 1024;

const MIB = 1024 * 1024;

export function none(name: string, count: number): Finding {
  return atMost(0, name, count);
}

export function atMost(most: number, name: string, count: number): Finding {
  return [name, String(count), count <= most];
}

/** Whether a process holds no more than before. @param whose put before the names */
export function unchanged(before: Figures, after: Figures, whose = ''): Finding[] {
  const same = (name: string, then: number, now: number): Finding => [
    `${whose}${name} back at the start`,
    `${then} -> ${now}`,
    now === then,
  ];
  const grown = after.heapBytes - before.heapBytes;
  return [
    same('sockets', before.sockets, after.sockets),
    same('timers', before.timers, after.timers),
    same('upgrade listeners', before.upgradeListeners, after.upgradeListeners),
    [
      `${whose}heap back at the start (at most ${HEAP_GROWTH_BYTES / MIB} MiB more)`,
      `${(before.heapBytes / MIB).toFixed(1)} -> ${(after.heapBytes / MIB).toFixed(1)} MiB`,
      grown <= HEAP_GROWTH_BYTES,
    ],
  ];
}
