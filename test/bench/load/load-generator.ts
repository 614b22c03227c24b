import { meter } from '../harness/meter.js';
import { serve } from '../harness/rpc.js';
import type { Dialect } from '../peers/peer-spec.js';
import { broadcast } from './broadcast.js';
import { echo, echoOnce } from './echo.js';
import { exchange } from './exchange.js';
import { handshakes } from './handshakes.js';
import { LoadPeer } from './load-peer.js';
import type { LoadService, OpenOptions, Target, TenantsOptions } from './load-service.js';
import { createLogins } from './login.js';
import { settle } from './settle.js';
import { talk } from './talk.js';
import { way } from './way.js';

/** Connections that do something at once: below a listener's queue of 256 verifications. */
const CONCURRENCY = 64;

/** The same where each has to wait for a subscription. */
const TENANTS_CONCURRENCY = 250;

let peers: LoadPeer[] = [];
let dialect: Dialect = 'plain';
const deaf: LoadPeer[] = [];

function open(options: OpenOptions): Promise<void> {
  const { count, first = count } = options;
  return openEach(options, count, CONCURRENCY, (index) => (index < first ? 'first' : 'others'));
}

function openTenants(options: TenantsOptions): Promise<void> {
  const { name, tenants, perTenant } = options;
  const tenantOf = (index: number) => `${name}${Math.floor(index / perTenant)}`;
  return openEach(options, tenants * perTenant, TENANTS_CONCURRENCY, tenantOf);
}

async function openEach(
  target: Target,
  count: number,
  atOnce: number,
  tenantOf: (index: number) => string,
): Promise<void> {
  const login = createLogins(target);
  dialect = target.dialect;
  const opened: LoadPeer[] = new Array(count);
  await eachOf(count, atOnce, async (index) => {
    opened[index] = await LoadPeer.open(target.port, login(tenantOf(index)));
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
  await eachOf(closing.length, CONCURRENCY, async (index) => closing[index]?.close());
}

/** Does something `count` times, a bounded number of them at once. */
async function eachOf(count: number, atOnce: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const run = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, run));
}

serve<LoadService>({
  usage: meter.usage,
  open,
  openTenants,
  handshakes,
  echo: (options) => echo(peers, dialect, options),
  echoOnce: ({ bytes, isBinary }) => {
    const message = exchange(dialect, bytes, isBinary);
    return eachOf(
      peers.length,
      CONCURRENCY,
      async (index) => peers[index] && echoOnce(peers[index], message),
    );
  },
  broadcast: (options) => broadcast(peers, dialect, options),
  way: (options) => way(peers, dialect, options),
  talk: (options) => talk(peers, dialect, options),
  settle: (options) => settle(peers, dialect, options),
  openDeaf,
  close,
});
