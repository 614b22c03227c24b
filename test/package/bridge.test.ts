import { randomBytes } from 'node:crypto';
import should from 'should';
import { Authority } from '../support/core/certificates.js';
import { ConnectProxy } from '../support/core/connect-proxy.js';
import { setEnvironment } from '../support/core/environment.js';
import { SocketClient } from '../support/core/socket-client.js';
import { seconds, token } from '../support/core/tokens.js';
import { socketUrl } from '../support/package/chat.js';
import { installedNodeRed } from '../support/package/installed-node-red.js';
import {
  type FlowNode,
  type NodeRedProcess,
  type NodeRedVersion,
  nodeRedAtHand,
  nodeRedUnderTest,
} from '../support/package/node-red-process.js';
import { type Prepared, preparedNodeRed } from '../support/package/prepared-node-red.js';
import { CONNECTED, statusShown } from '../support/package/status-shown.js';

/** A name that no resolver knows (RFC 6761 §6.4): who connects to it does so through the proxy, which knows it. */
const HOST = 'listener.invalid';

const SECRET = random();
const TOKEN = token({ sub: 'bridge', tenant_id: 'acme', exp: seconds(600) }, { secret: SECRET });
const WRONG_TOKEN = token({ sub: 'bridge', tenant_id: 'acme', exp: seconds(600) }, { secret: random() });
const PROXY_LOGIN = `user:${random()}`;
const FIXED_HEADER = random();
const ENV_HEADER = random();

const TAB: FlowNode = { id: 'tab', type: 'tab' };

/** A chat inside each tenant. */
const SERVER: readonly FlowNode[] = [
  TAB,
  { id: 'listener', type: 'websocket-plus-listener', path: '/ws/there' },
  node('in', 'websocket-plus in', { server: 'listener', wires: [['out']] }),
  node('out', 'websocket-plus out', { server: 'listener' }),
];

/** A listener for anybody, bridged to the chat by one client, and once more by one whose token is wrong. */
const BRIDGE: readonly FlowNode[] = [
  TAB,
  { id: 'local', type: 'websocket-plus-listener', path: '/ws/here', jwtValidation: 'none' },
  { id: 'tls', type: 'tls-config', cert: '', key: '', ca: '', caname: 'ca.pem', verifyservercert: true },
  client('client'),
  client('wrong client'),
  node('in', 'websocket-plus in', { server: 'local', wires: [['to there', 'refused']] }),
  node('to there', 'websocket-plus out', { client: 'client' }),
  node('refused', 'websocket-plus out', { client: 'wrong client' }),
  node('from there', 'websocket-plus in', { client: 'client', wires: [['out']] }),
  node('out', 'websocket-plus out', { server: 'local' }),
];

for (const [clientEnd, listenerEnd] of ends()) {
  describe(`a client on Node-RED ${clientEnd.version} and a listener on Node-RED ${listenerEnd.version}`, function () {
    this.timeout(240_000); // Node-RED fetches the dependencies

    const running: Prepared[] = [];
    const authority = new Authority();
    let proxy: ConnectProxy;
    let here: NodeRedProcess;
    let there: NodeRedProcess;
    let restoreEnvironment: () => void;

    before(async () => {
      await installedNodeRed(); // may need the environment's proxy
      const DEBUG = 'https-proxy-agent,agent-base'; // what carries the proxy's password tells all it does
      restoreEnvironment = setEnvironment({ FIXED_HEADER, ENV_HEADER, DEBUG });
      proxy = await ConnectProxy.start();
      proxy.credentials = PROXY_LOGIN;

      const listening = await preparedNodeRed(listenerEnd, {
        flows: SERVER,
        credentials: { listener: { jwtSecret: SECRET } },
        settings: { https: authority.issue('listener', [HOST, '127.0.0.1']) },
        verifyClient: `({ req: { headers } }) =>
          headers['x-fixed'] === process.env.FIXED_HEADER && headers['x-env'] === process.env.ENV_HEADER`,
      });
      running.push(listening);
      there = listening.nodeRed;
      proxy.routes.set(`${HOST}:443`, new URL(there.url).host);

      const bridging = await preparedNodeRed(clientEnd, {
        flows: BRIDGE,
        credentials: {
          tls: { cadata: authority.cert },
          client: { jwt: TOKEN },
          'wrong client': { jwt: WRONG_TOKEN },
        },
        settings: { proxyOptions: { https_proxy: proxy.url.replace('//', `//${PROXY_LOGIN}@`) } },
      });
      running.push(bridging);
      here = bridging.nodeRed;
    });

    after(async () => {
      for (const { stop } of running.reverse()) await stop();
      await proxy?.stop();
      restoreEnvironment?.();
    });

    it('are what they claim to be', () => {
      should(here.log).containEql(`Node-RED version: v${clientEnd.version}`);
      should(there.log).containEql(`Node-RED version: v${listenerEnd.version}`);
      should(there.url).startWith('https:');
    });

    it('find each other through the proxy, which asks for a password', async () => {
      await statusShown(here, 'from there', CONNECTED);
      const authorization = `Basic ${Buffer.from(PROXY_LOGIN).toString('base64')}`;
      should(proxy.log.length).be.aboveOrEqual(2); // each client has tried
      for (const request of proxy.log)
        should(request).eql({ method: 'CONNECT', target: `${HOST}:443`, authorization });
    });

    it('ask for headers, and send them', async () => {
      const headers = { 'X-Fixed': FIXED_HEADER, 'X-Env': 'another' };
      const url = socketUrl(there, '/ws/there', TOKEN);
      should((await SocketClient.refused(url, { ca: authority.cert, headers })).status).equal(401);
      await statusShown(here, 'from there', CONNECTED);
    });

    it('carry a message there, and one back', async () => {
      await statusShown(here, 'to there', CONNECTED);
      const local = await SocketClient.open(socketUrl(here, '/ws/here'));
      const headers = { 'X-Fixed': FIXED_HEADER, 'X-Env': ENV_HEADER };
      const url = socketUrl(there, '/ws/there', TOKEN);
      const remote = await SocketClient.open(url, { ca: authority.cert, headers });
      for (const [sender, text] of [
        [local, 'from here'],
        [remote, 'from there'],
        [local, 'from here again'],
      ] as const) {
        sender.send(text);
        for (const receiver of [local, remote]) should(await receiver.nextText()).equal(text);
      }
      for (const peer of [local, remote]) {
        await peer.drained();
        should(peer.unread).equal(0);
        await peer.close();
      }
    });

    it('show 401 where the token is wrong', async () => {
      const text = '401 token_invalid';
      should(await statusShown(here, 'refused', text)).eql({ fill: 'red', shape: 'ring', text });
      await here.logged(/not connected: 401 token_invalid/);
      await there.logged(/refused .* on \/ws\/there: token_invalid/);
    });

    it('show why they have lost each other when the proxy goes', async () => {
      await proxy.stop();
      await statusShown(here, 'from there', 'ECONNREFUSED');
    });

    it('write no token, no secret, no password and no header to the log, not even at its most talkative', async () => {
      for (const { log } of [here, there]) should(log).containEql('[trace]');
      should(here.log).containEql('Creating new HttpsProxyAgent instance');
      await here.logged(/Not sent: there is no connection/); // what the refused client was asked to send
      const password = PROXY_LOGIN.slice('user:'.length);
      const secrets = [
        SECRET,
        FIXED_HEADER,
        ENV_HEADER,
        password,
        Buffer.from(PROXY_LOGIN).toString('base64'),
      ];
      for (const jwt of [TOKEN, WRONG_TOKEN]) secrets.push(...jwt.split('.').slice(1));
      for (const { log } of [here, there]) {
        for (const secret of secrets) should(log.includes(secret)).be.false();
      }
    });
  });
}

/** Client and listener: on two different versions, each in either place, where the one under test is not the one at hand. */
function ends(): (readonly [NodeRedVersion, NodeRedVersion])[] {
  const atHand = nodeRedAtHand();
  const underTest = nodeRedUnderTest();
  if (atHand.version === underTest.version) return [[atHand, atHand]];
  return [
    [atHand, underTest],
    [underTest, atHand],
  ];
}

function node(id: string, type: string, properties: Record<string, unknown>): FlowNode {
  return { id, type, z: 'tab', x: 1, y: 1, wires: [], ...properties };
}

function client(id: string): FlowNode {
  const header = { keyType: 'other', valueType: 'other' };
  return {
    id,
    type: 'websocket-plus-client',
    path: `wss://${HOST}/ws/there`,
    tls: 'tls',
    headers: [
      { ...header, keyValue: 'X-Fixed', valueValue: FIXED_HEADER },
      { ...header, keyValue: 'X-Env', valueType: 'env', valueValue: 'ENV_HEADER' },
    ],
  };
}

function random(): string {
  return randomBytes(24).toString('hex');
}
