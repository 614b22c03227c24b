import { echoOnce } from './echo.js';
import { exchange } from './exchange.js';
import { LoadPeer } from './load-peer.js';
import type { Target } from './load-service.js';
import { createLogins, type Login } from './login.js';

export interface HandshakeOptions extends Target {
  readonly ms: number;
  /** Connections in the making at once. */
  readonly concurrency: number;
  /** Each connection first gets a message back. */
  readonly talk: boolean;
}

export interface HandshakeResult {
  readonly count: number;
  readonly elapsedMs: number;
}

/** Signing costs more than checking: tokens are made beforehand, and used in turn. */
const TOKENS = 500;

const MESSAGE_BYTES = 64;

const pools = new Map<number, readonly Login[]>();

/** Opens and closes connections, as fast as the server lets it, and counts those that were open and are gone again. */
export async function handshakes(options: HandshakeOptions): Promise<HandshakeResult> {
  const { port, dialect, ms, concurrency, talk } = options;
  const pool = pools.get(port) ?? poolOf(options);
  pools.set(port, pool);
  const message = exchange(dialect, MESSAGE_BYTES, false);
  let count = 0;
  let next = 0;
  const start = performance.now();
  const run = async () => {
    while (performance.now() - start < ms) {
      const login = pool[next++ % pool.length];
      if (login === undefined) return;
      const peer = await LoadPeer.open(port, login);
      if (talk) await echoOnce(peer, message);
      await peer.close();
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, run));
  return { count, elapsedMs: performance.now() - start };
}

function poolOf(target: Target): readonly Login[] {
  const login = createLogins(target);
  return Array.from({ length: TOKENS }, () => login('handshakes'));
}
