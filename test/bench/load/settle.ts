import { setTimeout as wait } from 'node:timers/promises';
import type { Dialect } from '../peers/peer-spec.js';
import { exchange } from './exchange.js';
import type { LoadPeer } from './load-peer.js';

const BYTES = 64;

/** What is not there by then was lost, in milliseconds: instances find each other while the first messages are sent. */
const LOST_MS = 250;

const ATTEMPTS = 100;

/**
 * Sends as the first connection until a message reaches all of the audience, the first connections, and nothing sent before
 * is still on its way to them.
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
    const received = await bytesReceived(peers.slice(0, audience), () => sender.write(frames));
    if (received.every((bytes) => bytes === answer.length)) return;
  }
  throw new Error('instances do not hear each other');
}

async function bytesReceived(peers: readonly LoadPeer[], send: () => void): Promise<readonly number[]> {
  const received = peers.map(() => 0);
  peers.forEach((peer, index) => {
    peer.onBytes = (read) => {
      received[index] = (received[index] ?? 0) + read;
    };
  });
  send();
  await wait(LOST_MS);
  return received;
}
