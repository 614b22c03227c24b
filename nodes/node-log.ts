import type { NodeAPI } from 'node-red';
import { BoundedLog } from '../src/events/bounded.js';

/** Lines about what peers do, ten a minute of each kind; each is put into words only when it is written. */
export function createNodeLog(RED: NodeAPI, write: (line: string) => void): BoundedLog<() => string> {
  return new BoundedLog((line, more) => {
    write(more === 0 ? line() : RED._('warn.more', { number: more, line: line() }));
  });
}
