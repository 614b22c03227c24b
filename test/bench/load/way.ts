import type { Dialect } from '../peers/peer-spec.js';
import { exchange } from './exchange.js';
import { Latencies } from './latencies.js';
import type { LoadPeer } from './load-peer.js';

export interface WayOptions {
  readonly ms: number;
  readonly bytes: number;
}

export interface WayResult {
  readonly near: Percentiles;
  readonly far: Percentiles;
}

type Percentiles = ReturnType<Latencies['percentiles']>;

/** How long the first connection's messages, one at a time, take to the second and to the third, who are all that hear them beside it. */
export function way(
  peers: readonly LoadPeer[],
  dialect: Dialect,
  { ms, bytes }: WayOptions,
): Promise<WayResult> {
  const [sender, near, far] = peers;
  if (sender === undefined || near === undefined || far === undefined) throw new Error('three are needed');
  const { frames, answer } = exchange(dialect, bytes, false);
  const latencies = { near: new Latencies(), far: new Latencies() };
  const start = performance.now();
  let sentAt = 0;
  let awaited = 0;
  return new Promise((resolve) => {
    const send = () => {
      awaited = 3;
      sentAt = performance.now();
      sender.write(frames);
    };
    const arrived = () => {
      awaited -= 1;
      if (awaited > 0) return;
      if (performance.now() - start < ms) send();
      else resolve({ near: latencies.near.percentiles(), far: latencies.far.percentiles() });
    };
    const listen = (peer: LoadPeer, onWhole: () => void) => {
      let pending = 0;
      peer.onBytes = (read) => {
        pending += read;
        if (pending < answer.length) return;
        pending -= answer.length;
        onWhole();
        arrived();
      };
    };
    listen(sender, () => {});
    listen(near, () => latencies.near.add(performance.now() - sentAt));
    listen(far, () => latencies.far.add(performance.now() - sentAt));
    send();
  });
}
