import { setImmediate } from 'node:timers/promises';
import should from 'should';

const PATIENCE_MS = 5000;

/** What keeps this process alive, by kind: sockets, servers, timers. */
export async function resources(): Promise<Record<string, number>> {
  await setImmediate(); // mocha sets its own timer once a test has returned its promise
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  delete counts.Immediate;
  return counts;
}

/**
 * Resolves when no more is alive than `before`; handles take a turn of the event loop or two to go. Less is no leak: timers
 * that earlier tests left may end meanwhile.
 */
export async function backTo(before: Record<string, number>, patienceMs = PATIENCE_MS): Promise<void> {
  const startedMs = performance.now();
  let now = await resources();
  while (!isWithin(now, before) && performance.now() - startedMs < patienceMs) now = await resources();
  if (!isWithin(now, before)) should(now).eql(before);
}

function isWithin(now: Record<string, number>, before: Record<string, number>): boolean {
  return Object.entries(now).every(([kind, count]) => count <= (before[kind] ?? 0));
}
