import type { Dialect } from '../peers/peer-spec.js';
import { type Exchange, exchange } from './exchange.js';
import { Latencies } from './latencies.js';
import type { LoadPeer } from './load-peer.js';

export interface EchoOptions {
  readonly ms: number;
  readonly bytes: number;
  readonly isBinary: boolean;
  /** Messages under way on each connection. */
  readonly depth: number;
}

export interface EchoResult {
  readonly count: number;
  readonly elapsedMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Sends on every connection what comes back on it, for a time; resolves when everything has come back. */
export function echo(
  peers: readonly LoadPeer[],
  dialect: Dialect,
  options: EchoOptions,
): Promise<EchoResult> {
  const { ms, bytes, isBinary, depth } = options;
  const { frames, answer } = exchange(dialect, bytes, isBinary);
  const batches = Array.from({ length: depth + 1 }, (_, count) => Buffer.concat(Array(count).fill(frames)));
  const answerBytes = answer.length;
  const latencies = new Latencies();
  const start = performance.now();
  const end = start + ms;
  let count = 0;
  let underWay = peers.length * depth;
  return new Promise((resolve) => {
    const startPeer = (peer: LoadPeer) => {
      const sentAt = new Float64Array(depth).fill(performance.now());
      let pending = 0;
      let received = 0;
      peer.onBytes = (read) => {
        pending += read;
        if (pending < answerBytes) return;
        const now = performance.now();
        const complete = Math.floor(pending / answerBytes);
        pending -= complete * answerBytes;
        for (let message = 0; message < complete; message++, received++) {
          latencies.add(now - (sentAt[received % depth] ?? 0));
          sentAt[received % depth] = now;
        }
        count += complete;
        if (now < end) {
          peer.write(batches[complete] ?? frames);
          return;
        }
        underWay -= complete;
        if (underWay === 0) resolve({ count, elapsedMs: now - start, ...latencies.percentiles() });
      };
      peer.write(batches[depth] ?? frames);
    };
    for (const peer of peers) startPeer(peer);
  });
}

/** One message there and back on a connection. @throws Error where what comes back is something else */
export function echoOnce(peer: LoadPeer, { frames, answer }: Exchange): Promise<void> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    peer.onBytes = (read, shared) => {
      chunks.push(Buffer.from(shared.subarray(0, read)));
      length += read;
      if (length < answer.length) return;
      if (Buffer.concat(chunks).equals(answer)) resolve();
      else reject(new Error('what came back is not what was sent'));
    };
    peer.write(frames);
  });
}
