import should from 'should';
import type { SocketClient } from '../../support/core/socket-client.js';
import { CLAIMS, SECRET, seconds, token } from '../../support/core/tokens.js';
import { type Credentials, type Flow, Runtime } from '../../support/runtime/runtime.js';

const CREDENTIALS: Credentials = {
  remote: { jwtSecret: SECRET },
  local: { jwtSecret: SECRET },
  client: { jwt: token({ ...CLAIMS, sub: 'bridge', exp: seconds(3600) }) },
};

function node(id: string, type: string, properties: Record<string, unknown> = {}): Flow[number] {
  return { id, type, z: 'f', x: 1, y: 1, wires: [], ...properties };
}

/** A chat inside each tenant of a listener, as it might run on another Node-RED. */
const REMOTE: Flow = [
  { id: 'f', type: 'tab' },
  { id: 'remote', type: 'websocket-plus-listener', path: '/remote' },
  node('remote in', 'websocket-plus in', { server: 'remote', wires: [['remote out']] }),
  node('remote out', 'websocket-plus out', { server: 'remote' }),
  node('catching', 'catch', { scope: null, wires: [['caught']] }),
  node('caught', 'helper'),
];

describe('nodes: a client bridged to a listener', () => {
  let runtime: Runtime;
  const peers: SocketClient[] = [];

  /** Bridges the chat to a listener with these properties, in both directions. */
  async function start(local: Record<string, unknown>): Promise<void> {
    runtime = await Runtime.start(REMOTE, CREDENTIALS);
    const bridge = [
      { id: 'local', type: 'websocket-plus-listener', path: '/local', ...local },
      { id: 'client', type: 'websocket-plus-client', path: runtime.url('/remote') },
      node('local in', 'websocket-plus in', { server: 'local', wires: [['client out', 'asked']] }),
      node('client out', 'websocket-plus out', { client: 'client' }),
      node('client in', 'websocket-plus in', { client: 'client', wires: [['local out', 'heard']] }),
      node('local out', 'websocket-plus out', { server: 'local' }),
      node('asked', 'helper'),
      node('heard', 'helper'),
    ];
    await runtime.deploy([...REMOTE, ...bridge], 'nodes', CREDENTIALS);
    await runtime.shown('client in', 'node-red:common.status.connected');
  }
  async function connect(path: string, tenant = 'acme'): Promise<SocketClient> {
    const peer = await runtime.connect(path, { sub: 'peer', tenant_id: tenant, exp: seconds(60) });
    peers.push(peer);
    return peer;
  }
  /** Each of them gets exactly these, in this order. */
  async function get(receivers: readonly SocketClient[], texts: readonly string[]): Promise<void> {
    for (const receiver of receivers) {
      for (const text of texts) should(await receiver.nextText()).equal(text);
      await receiver.drained();
      should(receiver.unread).equal(0);
    }
  }

  afterEach(async () => {
    for (const peer of peers.splice(0)) await peer.close();
    await runtime.stop();
  });

  it('carries messages both ways, to everybody of the tenant once, and starts no loop', async () => {
    await start({ tenantFrom: 'static', tenantId: 'acme' });
    const here = [await connect('/local', 'acme'), await connect('/local', 'acme')];
    const there = [await connect('/remote'), await connect('/remote')];
    const stranger = await connect('/remote', 'umbrella');
    const texts = ['from here', 'from there', 'from here again'];
    for (const text of texts) {
      (text === 'from there' ? there : here)[0]?.send(text);
      await get([...here, ...there], [text]); // a message that came twice would be the next one's rival
    }
    await get([stranger], []);
  });

  for (const properties of [{ routingScope: 'session' }, { routingScope: 'tenant' }]) {
    it(`sends nothing on by itself where the listener's scope is ${properties.routingScope} and tokens name tenants`, async () => {
      await start(properties);
      const here = await connect('/local');
      const there = await connect('/remote');
      const errors = runtime.messages('caught');
      there.send('to whom?');
      const { error, _session } = (await errors()) as Record<string, Record<string, unknown>>;
      should(error?.message).containEql('errors.send-no-session');
      should(_session).match({ type: 'websocket', authStatus: 'none' });
      await get([here], []);
      await get([there], ['to whom?']);
    });

    it(`carries the answer to a request back to scope ${properties.routingScope} with the session that was kept`, async () => {
      await start(properties);
      const here = await connect('/local');
      const other = await connect('/local', 'umbrella');
      const asked = runtime.messages('asked');
      const heard = runtime.messages('heard');
      here.send('question');
      const { _session } = await asked();
      const { payload } = await heard();
      runtime.inject('local out', { payload: `answer to ${String(payload)}`, _session });
      await get([here], ['answer to question']);
      await get([other], []);
    });
  }
});
