import { setInterval } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import should from 'should';
import { Haproxy, hasHaproxy } from '../support/cluster/haproxy.js';
import { CLUSTER_SECRET } from '../support/cluster/instance.js';
import { freePort, hasMosquitto, Mosquitto } from '../support/cluster/mosquitto.js';
import { until } from '../support/cluster/until.js';
import { SocketClient } from '../support/core/socket-client.js';
import { SECRET, token } from '../support/core/tokens.js';
import { type FlowNode, nodeRedAtHand, nodeRedUnderTest } from '../support/package/node-red-process.js';
import { type Prepared, preparedNodeRed } from '../support/package/prepared-node-red.js';

const SCOPES = ['tenant', 'session', 'global'] as const;

/** The scope of each listener, by its path. */
const LISTENERS = { tenant: 'tenant', session: 'session', global: 'global', other: 'tenant' } as const;
const TENANTS = ['acme', 'globex', 'initech'];
const VERSIONS = [nodeRedAtHand(), nodeRedAtHand(), nodeRedUnderTest()];

const NAME = 'msg.action = msg.req.params.action; return msg;';
const SAY = 'msg._session = msg.payload.session; msg.payload = msg.payload.text; return msg;';
const TELL = 'msg.payload = { payload: msg.payload, instances: msg.instances }; return msg;';

/** Listeners that pass on what is said, by their peers and by requests. */
function flows(brokerPort: number): FlowNode[] {
  const on = { z: 'f', x: 1, y: 1 };
  const broker = { broker: '127.0.0.1', port: String(brokerPort), protocolVersion: '5', keepalive: '60' };
  return [
    { id: 'f', type: 'tab', label: 'Flow' },
    { id: 'b', type: 'mqtt-broker', ...broker },
    { id: 'k', type: 'websocket-plus-cluster', broker: 'b', prefix: 'wsp' },
    ...Object.entries(LISTENERS).flatMap(([path, routingScope]) => [
      // no id is a value of a property: Node-RED would take that for a reference
      { id: `l-${path}`, type: 'websocket-plus-listener', path: `/${path}`, routingScope, cluster: 'k' },
      { ...on, id: `${path}-in`, type: 'websocket-plus in', server: `l-${path}`, wires: [[`${path}-out`]] },
      { ...on, id: `${path}-out`, type: 'websocket-plus out', server: `l-${path}`, wires: [] },
      {
        ...on,
        id: `${path}-http`,
        type: 'http in',
        url: `/say/${path}`,
        method: 'post',
        wires: [[`${path}-say`]],
      },
      {
        ...on,
        id: `${path}-say`,
        type: 'function',
        func: SAY,
        outputs: 1,
        wires: [[`${path}-out`, 'answer']],
      },
    ]),
    { ...on, id: 'http', type: 'http in', url: '/control/:action', method: 'post', wires: [['name']] },
    { ...on, id: 'name', type: 'function', func: NAME, outputs: 1, wires: [['control']] },
    {
      ...on,
      id: 'control',
      type: 'websocket-plus control',
      server: 'l-tenant',
      action: 'msg',
      wires: [['told']],
    },
    { ...on, id: 'told', type: 'function', func: TELL, outputs: 1, wires: [['answer']] },
    { ...on, id: 'answer', type: 'http response', wires: [] },
  ];
}

interface Heard {
  readonly from: number;
  readonly tenant: string;
  readonly number: number;
  /** Which of the hearer's connections it came on. */
  readonly on?: number;
}

/** A peer that comes back when it is sent away, and remembers all it hears. */
class Peer {
  readonly tenant: string;
  readonly heard: Heard[] = [];
  readonly #url: string;
  readonly #id: number;
  #client: SocketClient | undefined;
  #sent = 0;
  #connections = 0;
  #isOver = false;

  constructor(id: number, port: number, scope: string) {
    this.#id = id;
    this.tenant = TENANTS[id % TENANTS.length] ?? '';
    this.#url = `ws://127.0.0.1:${port}/${scope}?token=${token({ tenant_id: this.tenant })}`;
    void this.#connect();
  }

  /** How many messages it has said. */
  get said(): number {
    return this.#sent;
  }

  get isOpen(): boolean {
    return this.#client?.socket.readyState === 1;
  }

  say(): void {
    if (!this.isOpen) return;
    const said: Heard = { from: this.#id, tenant: this.tenant, number: this.#sent };
    this.#sent += 1;
    this.#client?.send(JSON.stringify(said));
  }

  async drained(): Promise<void> {
    await this.#client?.drained();
  }

  async close(): Promise<void> {
    this.#isOver = true;
    await this.#client?.close();
  }

  async #connect(): Promise<void> {
    while (!this.#isOver) {
      const client = await SocketClient.open(this.#url).catch(() => undefined);
      if (client === undefined) continue;
      this.#client = client;
      this.#connections += 1;
      const on = this.#connections;
      client.socket.on('message', (data) => this.heard.push({ ...(JSON.parse(String(data)) as Heard), on }));
      await client.closed;
    }
  }
}

describe(`three Node-REDs (${VERSIONS.map(({ version }) => version).join(', ')}) behind HAProxy, with Mosquitto`, function () {
  this.timeout(300_000); // Node-RED fetches the dependencies

  let mosquitto: Mosquitto;
  let haproxy: Haproxy;
  let nodeReds: Prepared[];
  let ports: number[];
  let peers: Peer[] = [];

  async function startNodeRed(index: number): Promise<void> {
    const version = VERSIONS[index];
    if (version === undefined) return;
    nodeReds[index] = await preparedNodeRed(version, {
      flows: flows(mosquitto.port),
      credentials: {
        k: { secret: CLUSTER_SECRET },
        ...Object.fromEntries(Object.keys(LISTENERS).map((path) => [`l-${path}`, { jwtSecret: SECRET }])),
      },
      settings: { uiPort: ports[index] },
    });
  }

  /** Twelve peers of three tenants, who are spread over all instances. */
  async function connect(scope: string): Promise<void> {
    peers = Array.from({ length: 12 }, (_, id) => new Peer(id, haproxy.port, scope));
    await until(() => peers.every(({ isOpen }) => isOpen));
  }

  /** Everybody says something until everybody who should has heard everybody. */
  async function allHearAll(): Promise<void> {
    for (const peer of peers) peer.heard.length = 0;
    for await (const _ of setInterval(200)) {
      for (const peer of peers) peer.say();
      const expected = peers.length / TENANTS.length;
      if (peers.every((peer) => new Set(peer.heard.map(({ from }) => from)).size === expected)) return;
    }
  }

  before(async function () {
    if (!hasMosquitto() || !hasHaproxy()) {
      console.log('    skipped: mosquitto or haproxy is not installed');
      return this.skip();
    }
    mosquitto = await Mosquitto.start();
    ports = [await freePort(), await freePort(), await freePort()];
    nodeReds = [];
    for (let index = 0; index < VERSIONS.length; index += 1) await startNodeRed(index);
    haproxy = await Haproxy.start(ports);
  });
  afterEach(async () => {
    for (const peer of peers) await peer.close();
    peers = [];
  });
  after(async () => {
    for (const nodeRed of nodeReds ?? []) await nodeRed.stop();
    await haproxy?.stop();
    await mosquitto?.stop();
  });

  for (const scope of SCOPES) {
    it(`reach with scope ${scope} exactly the right peers on all three, each sender's messages in order`, async () => {
      await connect(scope);
      if (scope === 'tenant') await allHearAll();
      const rounds = 50;
      const starts = peers.map(({ said }) => said);
      const heardBy = ({ heard }: Peer) => heard.filter(({ from, number }) => number >= (starts[from] ?? 0));
      for (let round = 0; round < rounds; round += 1) for (const peer of peers) peer.say();
      const audience = { tenant: 4, session: 1, global: 12 }[scope];
      await until(() => peers.every((peer) => heardBy(peer).length >= rounds * audience));
      for (const peer of peers) await peer.drained();
      for (const peer of peers) {
        should(heardBy(peer).length).equal(rounds * audience);
        if (scope !== 'global') should(peer.heard.every(({ tenant }) => tenant === peer.tenant)).be.true();
        for (const from of starts.keys()) {
          const numbers = peer.heard.filter((one) => one.from === from).map(({ number }) => number);
          should(numbers).eql([...numbers].sort((one, other) => one - other));
          should(new Set(numbers).size).equal(numbers.length);
        }
      }
    });
  }

  function post(index: number, path: string, payload: unknown): Promise<Response> {
    return fetch(`http://127.0.0.1:${ports[index]}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(payload),
    });
  }

  /** Has the flow of one of them do something. */
  async function control(index: number, action: string, payload: unknown): Promise<Record<string, unknown>> {
    return (await (await post(index, `/control/${action}`, payload)).json()) as Record<string, unknown>;
  }

  function open(index: number, claims: Record<string, unknown>, path = 'tenant'): Promise<SocketClient> {
    return SocketClient.open(`ws://127.0.0.1:${ports[index]}/${path}?token=${token(claims)}`);
  }

  it('take a session of one of them on the others, also via another listener and after its peer has left, and no changed one', async () => {
    const acme = { tenant_id: 'acme' };
    const ann = await open(0, { ...acme, sub: 'ann' });
    const [bob, dora] = await Promise.all([open(2, acme), open(2, acme, 'other')]);
    const strangers = await Promise.all([1, 2].map((index) => open(index, { tenant_id: 'globex' })));
    strangers.push(await open(0, { tenant_id: 'globex' }, 'other'));
    const say = async (index: number, path: string, session: unknown, text: string) =>
      should((await post(index, `/say/${path}`, { session, text })).status).equal(200);
    const { payload } = await control(0, 'list', { subject: 'ann' });
    const [{ session } = { session: { id: '' } }] = payload as { session: { readonly id: string } }[];

    await say(1, 'tenant', session, 'to the tenant');
    for (const peer of [ann, bob]) should(await peer.nextText()).equal('to the tenant');
    await ann.close();
    const { id } = session;
    for (const changed of [
      { ...session, tenantId: 'globex' },
      { ...session, id: (id.startsWith('A') ? 'B' : 'A') + id.slice(1) },
      { ...session, id: id.slice(0, -1) },
    ]) {
      for (const path of ['tenant', 'other']) await say(1, path, changed, 'to nobody');
    }
    await say(1, 'tenant', session, 'though ann has left');
    should(await bob.nextText()).equal('though ann has left');
    await say(1, 'other', session, 'via another listener');
    should(await dora.nextText()).equal('via another listener');
    const ofStrangers = (await control(1, 'list', { tenantId: 'globex' })).payload as { session: unknown }[];
    for (const path of ['tenant', 'other']) await say(0, path, ofStrangers[0]?.session, 'to strangers');
    for (const peer of strangers) should(await peer.nextText()).equal('to strangers');
    for (const peer of [bob, dora, ...strangers]) await peer.close();
  });

  it('each lists, counts and disconnects the peers of all, and revokes for all, also for one that is stopped', async () => {
    await until(async () => (await control(0, 'list', { all: true })).payload !== undefined);
    const all = { answered: 3, missing: 0 };
    await until(async () => isDeepStrictEqual((await control(0, 'count', { all: true })).instances, all));
    const ann = await Promise.all([0, 1, 2].map((index) => open(index, { sub: 'ann', tenant_id: 'acme' })));
    const bob = await open(2, { sub: 'bob', tenant_id: 'globex' });
    for (const index of [0, 1, 2]) {
      const { payload, instances } = await control(index, 'list', { all: true });
      should(instances).eql(all);
      should((payload as unknown[]).length).equal(4);
      await until(async () =>
        isDeepStrictEqual((await control(index, 'count', { all: true })).payload, {
          connections: 4,
          tenants: 2,
        }),
      );
    }
    should(await control(0, 'disconnect', { subject: 'bob' })).eql({
      payload: { disconnected: 1 },
      instances: all,
    });
    should((await bob.closed).code).equal(4403);
    nodeReds[2]?.nodeRed.freeze(true);
    const { payload, instances } = await control(1, 'revoke', { subject: 'ann' });
    should(payload).match({ disconnected: 2 });
    should(instances).eql({ answered: 2, missing: 1 });
    nodeReds[2]?.nodeRed.freeze(false);
    for (const peer of ann) should(await peer.closed).eql({ code: 4401, reason: 'token revoked' });
    await nodeReds[2]?.stop();
    await startNodeRed(2); // with nothing remembered
    await until(async () => ((await control(2, 'revocations', {})).payload as unknown[]).length === 1);
    await should(open(2, { sub: 'ann', tenant_id: 'acme' })).rejected();
    await until(async () => isDeepStrictEqual((await control(2, 'count', { all: true })).instances, all));
    should(await control(2, 'restore', { subject: 'ann' })).eql({ payload: { restored: 1 }, instances: all });
    for (const index of [0, 1, 2]) await (await open(index, { sub: 'ann', tenant_id: 'acme' })).close();
  });

  it('one of which is stopped for 20 s: the others are not hurt, and it is back without a restart', async () => {
    await connect('tenant');
    await allHearAll();
    nodeReds[1]?.nodeRed.freeze(true);
    const startedMs = performance.now();
    const counts = () => peers.map(({ heard }) => heard.length);
    while (performance.now() - startedMs < 20_000) {
      const before = counts();
      for (const peer of peers) peer.say();
      await until(() => counts().filter((count, index) => count > (before[index] ?? 0)).length >= 8);
    }
    nodeReds[1]?.nodeRed.freeze(false);
    await allHearAll();
  });

  it('that are restarted one after the other under load: nobody hears another tenant, no connection anything twice, and all are back', async () => {
    await connect('tenant');
    await allHearAll();
    for (const peer of peers) peer.heard.length = 0;
    let isOver = false;
    const talk = (async () => {
      for await (const _ of setInterval(50)) {
        for (const peer of peers) peer.say();
        if (isOver) return;
      }
    })();
    for (let index = 0; index < VERSIONS.length; index += 1) {
      await nodeReds[index]?.stop();
      await startNodeRed(index);
    }
    isOver = true;
    await talk;
    let heard = 0;
    for (const peer of peers) {
      heard += peer.heard.length;
      should(peer.heard.filter(({ tenant }) => tenant !== peer.tenant)).eql([]);
      // who changes instances may hear on both connections what is under way
      const once = new Set(peer.heard.map(({ on, from, number }) => `${on} ${from} ${number}`));
      should(once.size).equal(peer.heard.length);
    }
    console.log(`      ${heard} messages heard meanwhile`);
    await until(() => peers.every(({ isOpen }) => isOpen));
    await allHearAll();
  });

  it('whose broker is killed and comes back: peers stay, and all hear all again', async () => {
    await connect('tenant');
    await allHearAll();
    await mosquitto.kill();
    for (const { nodeRed } of nodeReds)
      await nodeRed.logged(/other instances of the cluster cannot be reached/);
    should(peers.every(({ isOpen }) => isOpen)).be.true();
    await mosquitto.restart();
    await allHearAll();
    for (const { nodeRed } of nodeReds) should(nodeRed.log).not.containEql(CLUSTER_SECRET);
  });
});
