import { setTimeout as wait } from 'node:timers/promises';
import { JwksServer } from '../support/core/jwks-server.js';
import { SocketClient } from '../support/core/socket-client.js';
import { SECRET, type Signer, seconds, signer, token } from '../support/core/tokens.js';
import { type Figures, WatchedNodeRed } from '../support/package/watched-node-red.js';
import { Crowd } from './crowd.js';
import { type Booked, drillFlows, LIMITED_CONNECTIONS, LIMITED_RATE, type Revision } from './flows.js';
import { Ledger } from './ledger.js';
import type { DrillOptions } from './options.js';
import type { Peer } from './peer.js';

/** What the drill has counted. */
export interface Outcome {
  readonly delivered: number;
  readonly wrongTenant: number;
  readonly lost: number;
  readonly twice: number;
  /** Connections that ended though nobody cut them. */
  readonly endedByThemselves: number;
  /** Answers and close codes that were not those expected. */
  readonly surprises: readonly string[];
  /** Connections of which a flow was not told that they came, or not that they went. */
  readonly untold: number;
  /** Events told twice or out of order. */
  readonly mistold: number;
  readonly exits: number;
  readonly before: Figures;
  readonly after: Figures;
}

/** How long what was said may take to reach everybody. */
const PATIENCE_MS = 60_000;

/** Between two messages of a peer. */
const PACE_MS = 200;

/** Unsent bytes after which a peer is slow. The kernel's own buffers hold some more. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;
const FILLER = 'x'.repeat(64 * 1024);

/** A tenant of few, one of whom stops reading. */
const SLOW = 'slow';

/** Runs Node-RED under traffic, breaks what can break, and counts. `say` is told how it goes. */
export async function drill(options: DrillOptions, say: (line: string) => void): Promise<Outcome> {
  const first = await signer('ES256', 'first');
  const endpoint = await JwksServer.start([first.jwk]);
  const nodeRed = await WatchedNodeRed.start({
    flows: drillFlows(endpoint.uri, { traffic: 0, unrelated: 0 }),
    credentials: { limited: { jwtSecret: SECRET } },
    settings: { websocketPlusListener: { maxBufferedBytes: MAX_BUFFERED_BYTES } },
  });
  try {
    return await new Drill(options, nodeRed, endpoint, first, say).run();
  } finally {
    await nodeRed.stop();
    await endpoint.stop().catch(() => {}); // it may be down
  }
}

class Drill {
  readonly #options: DrillOptions;
  readonly #nodeRed: WatchedNodeRed;
  readonly #endpoint: JwksServer;
  readonly #say: (line: string) => void;
  readonly #ledger = new Ledger();
  readonly #crowd: Crowd;
  readonly #surprises: string[] = [];
  #signer: Signer;
  #revision: Revision = { traffic: 0, unrelated: 0 };
  #endedByThemselves = 0;

  readonly #admit = (tenant: string) => this.#signer.sign({ tenant_id: tenant, exp: seconds(3600) });

  constructor(
    options: DrillOptions,
    nodeRed: WatchedNodeRed,
    endpoint: JwksServer,
    first: Signer,
    say: (line: string) => void,
  ) {
    this.#options = options;
    this.#nodeRed = nodeRed;
    this.#endpoint = endpoint;
    this.#signer = first;
    this.#say = say;
    this.#crowd = new Crowd(`${nodeRed.origin}/main`, options.tenants, this.#ledger);
  }

  async run(): Promise<Outcome> {
    await this.#round('warm-up', () => this.#cutSome());
    await this.#deploy('full', { traffic: 1 });
    await this.#crowd.leave();
    const before = await this.#figures();

    await this.#round('peers cut off', () => this.#cutSome());
    await this.#round('key endpoint down', () => this.#killEndpoint());
    await this.#round('key endpoint back, keys rotated', () => this.#rotateKeys());
    await this.#round('unrelated nodes and flows deployed', async () => {
      await this.#deploy('nodes', { unrelated: 1 });
      await this.#deploy('flows', { unrelated: 2 });
    });
    await this.#round('a tenant floods', () => this.#flood());
    await this.#round('a peer stops reading', () => this.#stall());
    await this.#deploy('nodes', { traffic: 2 });
    await this.#round('modified nodes deployed', async () => {});
    await this.#deploy('flows', { traffic: 3 });
    await this.#round('modified flows deployed', async () => {});
    await this.#restart();
    await this.#round('all flows deployed', () => this.#cutSome());

    await this.#crowd.leave();
    const after = await this.#figures();
    const { connects, disconnects, faults } = (await this.#nodeRed.read('/booked')) as Booked;
    const { made } = this.#crowd;
    const { delivered, wrongTenant, lost, twice } = this.#ledger;
    this.#say(`${made} connections: ${connects} told to have come, ${disconnects} to have gone`);
    return {
      delivered,
      wrongTenant,
      lost,
      twice,
      endedByThemselves: this.#endedByThemselves,
      surprises: this.#surprises,
      untold: Math.abs(made - connects) + Math.abs(made - disconnects),
      mistold: faults,
      exits: this.#nodeRed.exits,
      before,
      after,
    };
  }

  /** Everybody talks while something happens; then all that the steady ones said has to be with the steady ones. */
  async #round(
    name: string,
    happen: (() => Promise<void>) | (() => Promise<readonly Peer[]>),
  ): Promise<void> {
    const startedMs = performance.now();
    await this.#crowd.fill(this.#options.connections, this.#admit);
    const { peers } = this.#crowd;
    const steady = peers.filter((_, i) => i % 10 !== 0);
    const lostBefore = this.#ledger.lost;
    this.#ledger.begin(steady);
    const happened = happen();
    for (let n = 0; n < this.#options.messages; n += 1) {
      for (const peer of peers) {
        if (steady.includes(peer)) this.#ledger.say(peer);
        else this.#ledger.sayAside(peer);
      }
      await wait(PACE_MS);
    }
    await happened;
    await this.#ledger.settle(PATIENCE_MS);
    const ended = steady.filter(({ closeCode }) => closeCode !== undefined);
    this.#endedByThemselves += ended.length;
    const lost = this.#ledger.lost - lostBefore;
    const tookS = ((performance.now() - startedMs) / 1000).toFixed(1);
    this.#say(`${name}: ${steady.length} steady, ${ended.length} ended, ${lost} lost, ${tookS} s`);
  }

  /** Those who are not steady vanish in the middle of their messages. */
  async #cutSome(): Promise<void> {
    await wait(PACE_MS);
    const { peers } = this.#crowd;
    const victims = peers.filter((_, i) => i % 10 === 0);
    for (const peer of victims) peer.cut();
    await Promise.all(victims.map(({ closed }) => closed));
  }

  async #killEndpoint(): Promise<void> {
    await this.#endpoint.stop();
    const stranger = await signer('ES256', 'stranger');
    const refusals = Array.from({ length: 50 }, async () =>
      this.#expect(
        'a stranger while the endpoint is down',
        '401',
        await this.#answerTo(await stranger.sign()),
      ),
    );
    const newcomers = Array.from({ length: 10 }, () => this.#crowd.connect('newcomers', this.#admit));
    const [joined] = await Promise.all([Promise.all(newcomers), Promise.all(refusals)]);
    for (const peer of joined) peer.close();
  }

  async #rotateKeys(): Promise<void> {
    const old = await this.#admit('rotated');
    const next = await signer('ES256', 'next');
    this.#endpoint.answer = JwksServer.keys([next.jwk]);
    const asked = this.#endpoint.asked();
    await this.#endpoint.up();
    await asked; // the listener tries again by itself
    this.#signer = next;
    const newcomers = Array.from({ length: 10 }, () => this.#crowd.connect('rotated', this.#admit));
    for (const peer of await Promise.all(newcomers)) peer.close();
    this.#expect('a token of the key that was taken out', '401', await this.#answerTo(old));
  }

  /** One tenant says thirty times as much, and one peer more than its listener allows. */
  async #flood(): Promise<void> {
    const [one] = this.#crowd.peers;
    if (one === undefined) return;
    const flooders = this.#crowd.of(one.tenant).slice(1, 11);
    for (let n = 0; n < 200; n += 1) for (const peer of flooders) this.#ledger.sayAside(peer);

    const url = `${this.#nodeRed.origin}/limited?token=${token()}`;
    const limited = await Promise.all(
      Array.from({ length: LIMITED_CONNECTIONS }, () => SocketClient.open(url)),
    );
    this.#expect('one connection too many', '429', await this.#answerTo(token(), '/limited'));
    for (let n = 0; n < 5 * LIMITED_RATE; n += 1) limited[0]?.send('flood');
    const closed = await limited[0]?.closed;
    this.#expect('a message too many', '4429', String(closed?.code));
    for (const client of limited.slice(1)) await client.close();
  }

  async #stall(): Promise<void> {
    const peers = await Promise.all(Array.from({ length: 3 }, () => this.#crowd.connect(SLOW, this.#admit)));
    const [stalled, talker, listener] = peers;
    if (stalled === undefined || talker === undefined || listener === undefined) return;
    stalled.stopReading();
    const enough = Math.ceil((4 * MAX_BUFFERED_BYTES + 16 * 1024 * 1024) / FILLER.length);
    for (let n = 0; n < enough; n += 1) {
      this.#ledger.sayAside(talker, FILLER);
      if (n % 8 === 7) await wait(10);
    }
    for (const peer of [talker, listener]) {
      this.#expect(
        'all to who reads beside a slow peer',
        'true',
        String(await peer.heard(enough, PATIENCE_MS)),
      );
    }
    stalled.readOn();
    await stalled.closed;
    this.#expect('a peer that does not read', '1013 or 1006', String(stalled.closeCode));
    for (const peer of [talker, listener]) {
      this.#expect('who reads beside a slow peer', 'undefined', String(peer.closeCode));
      peer.close();
    }
  }

  async #deploy(type: 'full' | 'nodes' | 'flows', change: Partial<Revision>): Promise<void> {
    this.#revision = { ...this.#revision, ...change };
    await this.#nodeRed.deploy(drillFlows(this.#endpoint.uri, this.#revision), type);
  }

  /** A full deploy ends every connection, and says why. */
  async #restart(): Promise<void> {
    const { peers } = this.#crowd;
    await this.#deploy('full', { traffic: 4, unrelated: 4 });
    await Promise.all(peers.map(({ closed }) => closed));
    for (const { closeCode } of peers) this.#expect('a full deploy', '1012', String(closeCode));
  }

  async #answerTo(jwt: string, path = '/main'): Promise<string> {
    const { status } = await SocketClient.refused(`${this.#nodeRed.origin}${path}?token=${jwt}`);
    return String(status);
  }

  #expect(what: string, expected: string, actual: string): void {
    if (!expected.split(' or ').includes(actual)) this.#surprises.push(`${what}: ${actual}, not ${expected}`);
  }

  /** What Node-RED holds once it is at rest: it has a timer of 5 s for every upgrade (runtime/lib/index.js). */
  async #figures(): Promise<Figures> {
    await wait(6000);
    return this.#nodeRed.figures();
  }
}
