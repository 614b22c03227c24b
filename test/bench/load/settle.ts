import type { Dialect } from '../peers/peer-spec.js';
import { exchange } from './exchange.js';
import type { LoadPeer } from './load-peer.js';

const BYTES = 64;

/** What is not there by then was lost, in milliseconds: instances find each other while the first messages are sent. */
const LOST_MS = 250;

const ATTEMPTS = 100;

/**
 * Sends as the first connection until a message reaches all of the audience, the first connections.
 * @throws Error where that takes too long
 */
export async function settle(
  peers: readonly LoadPeer[],
  dialect: Dialect,
  { audience }: { readonly audience: number },
): Promise<void> {
  const [sender] = peers;
  if (sender === undefined) throw new Error('nobody is connected');
  const { frames, answer } = exchange(dialect, BYTES, false);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await hasReached(sender, frames, peers.slice(0, audience), answer.length)) return;
  }
  throw new Error('instances do not hear each other');
}

function hasReached(
  sender: LoadPeer,
  frames: Buffer,
  audience: readonly LoadPeer[],
  bytes: number,
): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LOST_MS, false);
    let missing = audience.length;
    for (const peer of audience) {
      let received = 0;
      peer.onBytes = (read) => {
        received += read;
        if (received === bytes) missing -= 1;
        if (missing > 0) return;
        clearTimeout(timer);
        resolve(true);
      };
    }
    sender.write(frames);
  });
}
