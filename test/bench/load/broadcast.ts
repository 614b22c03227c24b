import type { Dialect } from '../peers/peer-spec.js';
import { exchange } from './exchange.js';
import type { LoadPeer } from './load-peer.js';

export interface BroadcastOptions {
  /** Ends after this time, or after this many messages. */
  readonly until: { readonly ms: number } | { readonly messages: number };
  readonly bytes: number;
  /** Messages under way. */
  readonly depth: number;
  /** Who must receive each message: the first connections. Anybody else must receive nothing. */
  readonly audience: number;
}

export interface BroadcastResult {
  readonly messages: number;
  readonly elapsedMs: number;
}

/**
 * The first connection sends; a message has arrived when all of the audience's bytes have.
 * @throws Error where somebody else receives anything
 */
export function broadcast(
  peers: readonly LoadPeer[],
  dialect: Dialect,
  options: BroadcastOptions,
): Promise<BroadcastResult> {
  const { until, bytes, depth, audience } = options;
  const [sender] = peers;
  if (sender === undefined) throw new Error('nobody is connected');
  const { frames, answer } = exchange(dialect, bytes, false);
  const perMessage = answer.length * audience;
  const start = performance.now();
  let sent = 0;
  let arrived = 0;
  let pending = 0;
  const goOn = () => ('ms' in until ? performance.now() - start < until.ms : sent < until.messages);
  return new Promise((resolve, reject) => {
    const send = () => {
      sent += 1;
      sender.write(frames);
    };
    const onBytes = (read: number) => {
      pending += read;
      while (pending >= perMessage) {
        pending -= perMessage;
        arrived += 1;
        if (goOn()) send();
        else if (arrived === sent) resolve({ messages: arrived, elapsedMs: performance.now() - start });
      }
    };
    const stray = () => reject(new Error('a message reached a connection outside its audience'));
    peers.forEach((peer, index) => {
      peer.onBytes = index < audience ? onBytes : stray;
    });
    for (let message = 0; message < depth; message++) send();
  });
}
