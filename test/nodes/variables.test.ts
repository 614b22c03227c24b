import should from 'should';
import { SocketClient } from '../support/core/socket-client.js';
import { CLAIMS, SECRET, seconds, token } from '../support/core/tokens.js';
import { type LinkedNodeRed, linkedNodeRed } from '../support/package/linked-node-red.js';

/** A reference to an environment variable, as it stands in a flow file. */
const v = (name: string) => '$'.concat(`{${name}}`);

const LISTENER = { type: 'websocket-plus-listener', jwtIssuer: `https://${v('HOST')}/` };

const FLOW = [
  {
    id: 'f',
    type: 'tab',
    label: 'Flow',
    env: [
      { name: 'HOST', value: 'flow.example', type: 'str' },
      { name: 'PLACE', value: 'flow', type: 'str' },
    ],
  },
  {
    id: 's',
    type: 'subflow',
    name: 'Sub',
    in: [],
    out: [],
    env: [{ name: 'PLACE', value: '', type: 'str' }],
  },
  { ...LISTENER, id: 'process', path: `/${v('PLACE')}` },
  { ...LISTENER, id: 'flow', z: 'f', path: `/${v('PLACE')}` },
  { ...LISTENER, id: 'subflow', z: 's', path: `/${v('PLACE')}` },
  {
    id: 'i',
    type: 'subflow:s',
    z: 'f',
    x: 1,
    y: 1,
    wires: [],
    env: [{ name: 'PLACE', value: 'sub', type: 'str' }],
  },
  { ...LISTENER, id: 'unset', path: '/unset' },
  { ...LISTENER, id: 'empty', path: '/empty' },
  { ...LISTENER, id: 'issuer', path: '/issuer', jwtIssuer: `https://${v('NO_ISSUER')}/` },
  { ...LISTENER, id: 'path', path: `/${v('NO_PATH')}` },
  { id: 'client', type: 'websocket-plus-client', path: 'ws://127.0.0.1:1' },
];

describe('nodes: environment variables', () => {
  let linked: LinkedNodeRed;
  before(async () => {
    linked = await linkedNodeRed({
      flow: FLOW,
      credentials: {
        ...Object.fromEntries(
          ['process', 'flow', 'subflow', 'issuer', 'path'].map((id) => [id, { jwtSecret: SECRET }]),
        ),
        unset: { jwtSecret: v('NO_SECRET') },
        empty: { jwtSecret: v('EMPTY_SECRET') },
        client: { jwt: v('NO_TOKEN') },
      },
      settings: { httpAdminRoot: '/admin' },
      env: { HOST: 'process.example', PLACE: 'process', EMPTY_SECRET: '' },
    });
  });
  after(() => linked.stop());

  function url(path: string, iss: string): string {
    const jwt = token({ ...CLAIMS, iss, exp: seconds(60) });
    return `${linked.nodeRed.url.replace('http', 'ws')}${path}?token=${jwt}`;
  }

  for (const [path, iss] of [
    ['/process', 'https://process.example/'],
    ['/flow', 'https://flow.example/'],
    ['/sub', 'https://flow.example/'],
  ] as const) {
    it(`inside of a path and an issuer are those of ${path.slice(1)}`, async () => {
      await (await SocketClient.open(url(path, iss))).close();
      should((await SocketClient.refused(url(path, 'https://elsewhere.example/'))).status).equal(401);
    });
  }

  it('that are not set or empty are named in the log, and their listener answers 503', async () => {
    for (const name of ['NO_SECRET', 'EMPTY_SECRET', 'NO_ISSUER', 'NO_PATH', 'NO_TOKEN']) {
      should(linked.nodeRed.log).containEql(`The environment variable ${name} is not set, or empty.`);
    }
    for (const path of ['/unset', '/empty', '/issuer']) {
      should((await SocketClient.refused(url(path, ''))).status).equal(503);
    }
  });
});
