import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { PathParams } from './upgrade-router.js';

/** An upgrade request as node:http hands it over. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  /** What stands in the path for the parameters of the listener's; absent where that has none. */
  readonly params?: PathParams | undefined;
  /** When it came, by performance.now(). */
  readonly startedMs: number;
}
