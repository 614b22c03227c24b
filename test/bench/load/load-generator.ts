import { meter } from '../harness/meter.js';
import { serve } from '../harness/rpc.js';
import type { Dialect } from '../peers/peer-spec.js';
import { broadcast } from './broadcast.js';
import { echo, echoOnce } from './echo.js';
import { exchange } from './exchange.js';
import { handshakes } from './handshakes.js';
import { LoadPeer } from './load-peer.js';
import type { LoadService, OpenOptions, Target } from './load-service.js';
import { createLogins } from './login.js';

/** Connections that do something at once: below a listener's queue of 256 verifications. */
const CONCURRENCY = 64;

let peers: LoadPeer[] = [];
let dialect: Dialect = 'plain';
const deaf: LoadPeer[] = [];

async function open(options: OpenOptions): Promise<void> {
  const { port, count, first = count } = options;
  const login = createLogins(options);
  dialect = options.dialect;
  const opened: LoadPeer[] = new Array(count);
  await eachOf(count, async (index) => {
    opened[index] = await LoadPeer.open(port, login(index < first ? 'first' : 'others'));
  });
  peers = peers.concat(opened);
}

async function openDeaf(target: Target): Promise<void> {
  const peer = await LoadPeer.open(target.port, createLogins(target)('first'));
  peer.stopReading();
  deaf.push(peer);
}

async function close(): Promise<void> {
  for (const peer of deaf.splice(0)) peer.destroy();
  const closing = peers;
  peers = [];
  await eachOf(closing.length, async (index) => closing[index]?.close());
}

/** Does something `count` times, a bounded number of them at once. */
async function eachOf(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const run = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, run));
}

serve<LoadService>({
  usage: meter.usage,
  open,
  handshakes,
  echo: (options) => echo(peers, dialect, options),
  echoOnce: ({ bytes, isBinary }) => {
    const message = exchange(dialect, bytes, isBinary);
    return eachOf(peers.length, async (index) => peers[index] && echoOnce(peers[index], message));
  },
  broadcast: (options) => broadcast(peers, options),
  openDeaf,
  close,
});
