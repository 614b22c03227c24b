import { LoadPeer } from './load-peer.js';
import type { Target } from './load-service.js';
import { createRequests } from './upgrade-request.js';

export interface HandshakeOptions extends Target {
  readonly ms: number;
  /** Connections in the making at once. */
  readonly concurrency: number;
}

export interface HandshakeResult {
  readonly count: number;
  readonly elapsedMs: number;
}

/** Signing costs more than checking: tokens are made beforehand, and used in turn. */
const TOKENS = 500;

const requests = new Map<number, readonly Buffer[]>();

/** Opens and closes connections, as fast as the server lets it, and counts those that were open and are gone again. */
export async function handshakes(options: HandshakeOptions): Promise<HandshakeResult> {
  const { port, ms, concurrency } = options;
  const pool = requests.get(port) ?? poolOf(options);
  requests.set(port, pool);
  let count = 0;
  let next = 0;
  const start = performance.now();
  const run = async () => {
    while (performance.now() - start < ms) {
      const request = pool[next++ % pool.length];
      if (request === undefined) return;
      const peer = await LoadPeer.open(port, request);
      await peer.close();
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, run));
  return { count, elapsedMs: performance.now() - start };
}

function poolOf(target: Target): readonly Buffer[] {
  const request = createRequests(target);
  return Array.from({ length: TOKENS }, () => request('handshakes'));
}
