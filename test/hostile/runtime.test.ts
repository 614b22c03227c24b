import should from 'should';
import { clientFrame, rawSocket, upgradeRequest } from '../support/core/raw-client.js';
import { TimerWatch } from '../support/core/timer-watch.js';
import { CLAIMS, OTHER_SECRET, SECRET, token } from '../support/core/tokens.js';
import { type Flow, Runtime } from '../support/runtime/runtime.js';

const NODE = { z: 'f', x: 1, y: 1 };
const CREDENTIALS = { l: { jwtSecret: SECRET } };

/** Two wires, so that the runtime copies every message: what comes from a peer has to survive that. */
const FLOW: Flow = [
  { id: 'f', type: 'tab', label: 'Flow' },
  { id: 'l', type: 'websocket-plus-listener', path: '/ws', wholemsg: 'true' },
  { ...NODE, id: 'in', type: 'websocket-plus in', server: 'l', wires: [['h', 'out']] },
  { ...NODE, id: 'out', type: 'websocket-plus out', server: 'l', wires: [] },
  { ...NODE, id: 'h', type: 'helper', wires: [] },
];

/** What a peer says in entire-message mode, and what of it the whole tenant gets back. */
const SAID: [string, string, unknown][] = [
  ['null', 'null', { payload: null }],
  ['a list of messages', '[{"payload":1},{"payload":2}]', { payload: [{ payload: 1 }, { payload: 2 }] }],
  ['a list of lists', '[[[{"payload":1}]]]', { payload: [[[{ payload: 1 }]]] }],
  [
    'a session of another tenant',
    '{"payload":1,"_session":{"id":"x","tenantId":"bystander"}}',
    { payload: 1 },
  ],
  [
    'an HTTP response to answer',
    '{"payload":1,"req":{},"res":{"_res":{"end":1}}}',
    { payload: 1, req: {}, res: { _res: { end: 1 } } },
  ],
  ['a message id that is an object', '{"payload":1,"_msgid":{"a":[1]}}', { payload: 1 }],
  [
    'names of methods',
    '{"payload":1,"hasOwnProperty":1,"toString":null}',
    { payload: 1, hasOwnProperty: 1, toString: null },
  ],
  ['an inner prototype', '{"payload":{"__proto__":{"admin":true}}}', { payload: {} }],
  [
    'a constructor',
    '{"payload":1,"constructor":{"prototype":{"admin":true}}}',
    { payload: 1, constructor: { prototype: { admin: true } } },
  ],
  ['a length', '{"payload":1,"length":4294967295}', { payload: 1, length: 4294967295 }],
  [
    'a Buffer that is none',
    '{"payload":{"type":"Buffer","data":[1]}}',
    { payload: { type: 'Buffer', data: [1] } },
  ],
];

describe('hostile: a runtime', () => {
  let runtime: Runtime;
  let timers: TimerWatch;
  let upgradeListeners: number;
  let upgrades: number;

  before(async () => {
    runtime = await Runtime.start(FLOW, CREDENTIALS);
    await (await runtime.connect('/ws')).close();
    runtime.server.on('upgrade', () => {
      upgrades += 1;
    });
  });
  after(() => runtime.stop());
  afterEach(() => timers.stop());
  beforeEach(() => {
    upgrades = 0;
    timers = new TimerWatch();
    upgradeListeners = runtime.server.listenerCount('upgrade');
  });

  /** A peer of another tenant is served, and was told nothing of what happened meanwhile. */
  async function unharmed(perform: () => Promise<void>): Promise<void> {
    const bystander = await runtime.connect('/ws', { tenant_id: 'bystander' });
    await perform();
    bystander.send('{"payload":"still there"}');
    should(await bystander.nextJson()).match({ payload: 'still there' });
    should(bystander.unread).equal(0);
    await bystander.close();
    should(({} as { admin?: unknown }).admin).equal(undefined);
    should(runtime.server.listenerCount('upgrade')).equal(upgradeListeners);
    // the runtime has a timer for each upgrade (runtime/lib/index.js), each of the two nodes one for its status, mocha one
    should(await timers.running()).be.belowOrEqual(upgrades + 3);
  }

  for (const [what, said, returned] of SAID) {
    it(`passes ${what} through a flow as data`, () =>
      unharmed(async () => {
        const [one, two] = [await runtime.connect('/ws'), await runtime.connect('/ws')];
        one.send(said);
        for (const peer of [one, two]) {
          const { _msgid, ...message } = (await peer.nextJson()) as Record<string, unknown>;
          should(JSON.stringify(message)).equal(JSON.stringify(returned));
          await peer.close();
        }
      }));
  }

  it('goes on after messages that no flow can copy', () =>
    unharmed(async () => {
      const peer = await runtime.connect('/ws');
      const deep = `{"payload":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
      for (let i = 0; i < 5; i += 1) peer.send(deep);
      peer.send('{"payload":"after"}');
      should(await peer.nextJson()).match({ payload: 'after' });
      await peer.close();
    }));

  it('keeps its log short and free of tokens, however many are refused', () =>
    unharmed(async () => {
      const before = runtime.log.length;
      const jwt = token({ ...CLAIMS, private: 'claim-value' }, { secret: OTHER_SECRET });
      for (let i = 0; i < 100; i += 1) await runtime.refused('/ws', jwt);
      should(runtime.log.length - before).be.belowOrEqual(10);
      for (const secret of [jwt, ...jwt.split('.'), SECRET, 'claim-value'])
        should(runtime.wholeLog).not.containEql(secret);
    }));

  it('is redeployed while peers come, talk and are cut off, and serves at once', () =>
    unharmed(async () => {
      const { port } = runtime.server.address() as { port: number };
      for (let i = 0; i < 5; i += 1) {
        const sockets = await Promise.all(
          Array.from({ length: 20 }, () => rawSocket(port, upgradeRequest(`/ws?token=${token()}`))),
        );
        const changed = FLOW.map((node) => (node.id === 'out' ? { ...node, name: String(i) } : node));
        const deployed = runtime.deploy(changed, 'nodes');
        for (const [n, socket] of sockets.entries()) {
          if (n % 2 === 0) socket.write(clientFrame(1, Buffer.from('{}')));
          else socket.resetAndDestroy();
        }
        await deployed;
        const peer = await runtime.connect('/ws');
        peer.send('{"payload":"served"}');
        should(await peer.nextJson()).have.property('_msgid');
        for (const socket of sockets) socket.resetAndDestroy();
        await peer.close();
      }
    }));
});
