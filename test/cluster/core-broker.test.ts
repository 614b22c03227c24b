import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import should from 'should';
import type { ClusterTiming } from '../../src/cluster/timing.js';
import { CLUSTER_SECRET, Instance } from '../support/cluster/instance.js';
import { freePort, Mosquitto, needsMosquitto } from '../support/cluster/mosquitto.js';
import { until } from '../support/cluster/until.js';
import { Authority } from '../support/core/certificates.js';
import { ConnectProxy } from '../support/core/connect-proxy.js';
import { type FlowNode, nodeRedAtHand, nodeRedUnderTest } from '../support/package/node-red-process.js';
import { type Prepared, preparedNodeRed } from '../support/package/prepared-node-red.js';

/** As in a runtime. */
const REAL: ClusterTiming = {
  beatMs: 2000,
  unheardMs: 6000,
  expireMs: 8000,
  returnMs: 17_000,
  countsMs: 500,
  askMs: 2000,
  now: Date.now,
};

const USER = 'the user of the broker';
const PASSWORD = 'the password of the broker';

const authority = new Authority();
const stranger = new Authority('somebody else');
const mine = authority.issue('instance');

/** The `tls-config` nodes, by what they say. */
const TLS = {
  ca: { cadata: authority.cert },
  client: { cadata: authority.cert, certdata: mine.cert, keydata: mine.key },
  strangers: { cadata: stranger.cert },
} as const;

type Ports = Readonly<Record<'plain' | 'tls' | 'client' | 'ws' | 'wss', number>>;

/** What an `mqtt-broker` node may be told. */
interface Settings {
  readonly broker: string;
  readonly port?: string;
  readonly protocolVersion?: string;
  readonly tls?: keyof typeof TLS;
  readonly more?: object;
  readonly password?: string;
  /** What the log says; absent where it connects. */
  readonly refused?: RegExp;
}

/** By name. */
function brokers(ports: Ports): Record<string, Settings> {
  const at = (port: number) => ({ broker: '127.0.0.1', port: String(port) });
  return {
    'MQTT 5': { ...at(ports.plain), protocolVersion: '5' },
    'MQTT 3.1.1': { ...at(ports.plain), protocolVersion: '4' },
    'MQTT 3.1': { ...at(ports.plain), protocolVersion: '3' },
    'no version': at(ports.plain),
    'no automatic connection': { ...at(ports.plain), more: { autoConnect: false } },
    'a name, a will, a session and a birth of its own': {
      ...at(ports.plain),
      protocolVersion: '5',
      more: {
        ...{ clientid: 'mine', cleansession: false, sessionExpiry: '3600', userProps: '{"a":"b"}' },
        ...{ birthTopic: 'own/birth', closeTopic: 'own/close', willTopic: 'own/will', willPayload: 'x' },
      },
    },
    variables: { broker: '$'.concat('{BROKER_HOST}'), port: '$'.concat('{BROKER_PORT}') },
    'an address': { broker: `mqtt://127.0.0.1:${ports.plain}` },
    TLS: { ...at(ports.tls), tls: 'ca' },
    'TLS, MQTT 5': { ...at(ports.tls), tls: 'ca', protocolVersion: '5' },
    'TLS with a certificate of its own': { ...at(ports.client), tls: 'client' },
    WebSocket: { broker: `ws://127.0.0.1:${ports.ws}` },
    'WebSocket, MQTT 5': { broker: `ws://127.0.0.1:${ports.ws}`, protocolVersion: '5' },
    'WebSocket with TLS': { broker: `wss://127.0.0.1:${ports.wss}`, tls: 'ca' },
    'WebSocket through a proxy': { broker: `ws://localhost:${ports.ws}` },
    'WebSocket with TLS through a proxy': { broker: `wss://localhost:${ports.wss}`, tls: 'ca' },
    'wrong password': { ...at(ports.plain), password: 'another one', refused: /^refused 5$/ },
    'wrong password, MQTT 5': {
      ...at(ports.plain),
      protocolVersion: '5',
      password: 'another one',
      refused: /^refused 135$/,
    },
    'another authority': { ...at(ports.tls), tls: 'strangers', refused: /^SELF_SIGNED_CERT_IN_CHAIN$/ },
    'another name': {
      broker: '127.0.0.2',
      port: String(ports.tls),
      tls: 'ca',
      refused: /^(ERR_TLS_CERT_ALTNAME_INVALID|ECONNREFUSED)$/,
    },
    'no certificate of its own': { ...at(ports.client), tls: 'ca', refused: /^(ERR_SSL_\w+|ECONNRESET)$/ },
    'WebSocket, another authority': {
      broker: `wss://127.0.0.1:${ports.wss}`,
      tls: 'strangers',
      refused: /^SELF_SIGNED_CERT_IN_CHAIN$/,
    },
    'no TLS where TLS is': { ...at(ports.tls), refused: /^(closed|ECONNRESET|EPIPE|timeout)$/ },
  };
}

function flows(all: Record<string, Settings>, ports: Ports): FlowNode[] {
  return [
    { id: 'f', type: 'tab', label: 'Flow' },
    {
      id: 'g',
      type: 'global-config',
      env: [
        { name: 'BROKER_HOST', value: '127.0.0.1', type: 'str' },
        { name: 'BROKER_PORT', value: String(ports.plain), type: 'str' },
      ],
    },
    ...Object.keys(TLS).map((id) => ({
      id: `t-${id}`,
      type: 'tls-config',
      ...{ cert: '', key: '', ca: '', servername: '', verifyservercert: true },
    })),
    ...Object.entries(all).flatMap(([name, { broker, port = '', protocolVersion, tls, more }], index) => [
      // before the node that it needs
      { id: `k${index}`, type: 'websocket-plus-cluster', name, broker: `b${index}`, prefix: 'wsp' },
      {
        ...{ id: `b${index}`, type: 'mqtt-broker', broker, port, keepalive: '60', clientid: '' },
        ...(protocolVersion === undefined ? {} : { protocolVersion }),
        ...(tls === undefined ? {} : { usetls: true, tls: `t-${tls}` }),
        ...more,
      },
    ]),
  ];
}

function credentials(all: Record<string, Settings>): Record<string, object> {
  return Object.fromEntries([
    ...Object.entries(TLS).map(([id, tls]) => [`t-${id}`, tls]),
    ...Object.values(all).flatMap(({ password = PASSWORD }, index) => [
      [`k${index}`, { secret: CLUSTER_SECRET }],
      [`b${index}`, { user: USER, password }],
    ]),
  ]);
}

for (const version of [nodeRedAtHand(), nodeRedUnderTest()]) {
  describe(`the cluster and the mqtt-broker nodes of Node-RED ${version.version}`, function () {
    this.timeout(240_000); // Node-RED fetches the dependencies
    needsMosquitto();

    let mosquitto: Mosquitto;
    let proxy: ConnectProxy;
    let observer: Instance;
    let prepared: Prepared;
    let all: Record<string, Settings>;
    let log: string;

    before(async () => {
      mosquitto = await Mosquitto.start();
      const ports = {
        ...{ plain: mosquitto.port, tls: await freePort(), client: await freePort() },
        ...{ ws: await freePort(), wss: await freePort() },
      };
      const server = authority.issue('broker', ['127.0.0.1', 'localhost']);
      const passwords = mosquitto.file('passwords', '');
      spawnSync('mosquitto_passwd', ['-b', passwords, USER, PASSWORD]);
      log = mosquitto.file('log', '');
      const certificates = [
        `cafile ${mosquitto.file('ca.pem', authority.cert)}`,
        `certfile ${mosquitto.file('cert.pem', server.cert)}`,
        `keyfile ${mosquitto.file('key.pem', server.key)}`,
      ];
      await mosquitto.restart([
        ...['allow_anonymous false', `password_file ${passwords}`, `log_dest file ${log}`, 'log_type all'],
        ...[`listener ${ports.tls} 127.0.0.1`, ...certificates],
        ...[`listener ${ports.client} 127.0.0.1`, ...certificates, 'require_certificate true'],
        ...[`listener ${ports.ws} 127.0.0.1`, 'protocol websockets'],
        ...[`listener ${ports.wss} 127.0.0.1`, 'protocol websockets', ...certificates],
      ]);
      proxy = await ConnectProxy.start();
      const url = `mqtt://127.0.0.1:${ports.plain}`;
      observer = await Instance.start(
        { url, options: { protocolVersion: 5, username: USER, password: PASSWORD } },
        { timing: REAL },
      );
      await observer.reach('up');
      all = brokers(ports);
      const env = { ws_proxy: proxy.url, wss_proxy: proxy.url, no_proxy: '127.0.0.1' };
      prepared = await preparedNodeRed(version, {
        flows: flows(all, ports),
        credentials: credentials(all),
        settings: { proxyOptions: { env } },
      });
    });
    after(async () => {
      await prepared?.stop();
      await observer?.stop();
      await proxy?.stop();
      await mosquitto?.stop();
    });

    it('lead to the broker in every way that they describe, and to a word where they do not', async () => {
      const good = Object.values(all).filter(({ refused }) => refused === undefined);
      for (const [name, { refused }] of Object.entries(all)) {
        if (refused === undefined) continue;
        const line = new RegExp(
          `-cluster:${name}\\] The other instances of the cluster cannot be reached: (.*)`,
        );
        const [, reason] = await prepared.nodeRed.logged(line);
        should(reason?.trim()).match(refused, name);
      }
      await until(() => observer.cluster.size >= good.length, 30_000);
      await observer.knows(good.length);
    });

    it('go through the proxy that Node-RED takes for WebSocket brokers', () => {
      should(new Set(proxy.targets).size).equal(2);
    });

    it('are not connected themselves, and none of their names, sessions and wills is used', () => {
      const lines = readFileSync(log, 'utf8').split('\n');
      const connected = lines.filter((line) => line.includes('New client connected'));
      should(connected.length).be.aboveOrEqual(Object.keys(all).length - 7);
      for (const line of connected) {
        should(line).match(/ as wsp[\da-f]{20} \(p[125], c1, k10, u'the user of the broker'\)/);
      }
      should(new Set(connected.map((line) => / \(p(\d)/.exec(line)?.[1]))).eql(new Set(['1', '2', '5']));
      for (const line of lines) should(line).not.match(/Will message specified|own\/(birth|close|will)/);
    });

    it('tell no log what is secret', () => {
      for (const secret of [PASSWORD, 'another one', CLUSTER_SECRET, USER]) {
        should(prepared.nodeRed.log).not.containEql(secret);
      }
    });
  });
}
