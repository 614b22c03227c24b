import { meter } from '../harness/meter.js';
import { serve } from '../harness/rpc.js';
import { broadcast } from './broadcast.js';
import { echo, echoOnce } from './echo.js';
import { handshakes } from './handshakes.js';
import { LoadPeer } from './load-peer.js';
import type { LoadService, OpenOptions, Target } from './load-service.js';
import { createRequests } from './upgrade-request.js';

/** Connections in the making at once: below a listener's queue of 256 verifications. */
const CONCURRENCY = 64;

let peers: LoadPeer[] = [];
const deaf: LoadPeer[] = [];

async function open(options: OpenOptions): Promise<void> {
  const { port, count, first = count } = options;
  const request = createRequests(options);
  const opened: LoadPeer[] = new Array(count);
  let next = 0;
  const run = async () => {
    while (next < count) {
      const index = next++;
      opened[index] = await LoadPeer.open(port, request(index < first ? 'first' : 'others'));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, run));
  peers = peers.concat(opened);
}

async function openDeaf(target: Target): Promise<void> {
  const peer = await LoadPeer.open(target.port, createRequests(target)('first'));
  peer.stopReading();
  deaf.push(peer);
}

async function close(): Promise<void> {
  for (const peer of deaf.splice(0)) peer.destroy();
  const closing = peers;
  peers = [];
  let next = 0;
  const run = async () => {
    while (next < closing.length) await closing[next++]?.close();
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, run));
}

serve<LoadService>({
  usage: meter.usage,
  open,
  handshakes,
  echo: (options) => echo(peers, options),
  echoOnce: (bytes) => echoOnce(peers, bytes),
  broadcast: (options) => broadcast(peers, options),
  openDeaf,
  close,
});
