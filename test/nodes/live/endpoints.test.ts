import should from 'should';
import type { LiveView, SessionPage, WatchAnswer } from '../../../nodes/live/protocol.js';
import { SocketClient } from '../../support/core/socket-client.js';
import { CLAIMS, SECRET, seconds, token } from '../../support/core/tokens.js';
import { type LinkedNodeRed, linkedNodeRed } from '../../support/package/linked-node-red.js';
import type { NodeRedProcess } from '../../support/package/node-red-process.js';

const USERS = {
  all: '*',
  reader: 'read',
  looker: ['websocket-plus.read'],
  closer: ['websocket-plus.write'],
  deployer: ['flows.read', 'flows.write'],
};

const FLOW = [
  { id: 'f', type: 'tab', label: 'Flow' },
  {
    id: 'chat',
    type: 'websocket-plus-listener',
    path: '/ws/chat',
    name: 'Chat',
    routingScope: 'tenant',
    maxConnections: '5',
    enforceLimits: true,
  },
  { id: 'other', type: 'websocket-plus-listener', path: '/ws/other' },
  { id: 'broken', type: 'websocket-plus-listener', path: '/ws/broken' },
  { id: 'client', type: 'websocket-plus-client', path: 'ws://127.0.0.1:1/up?key=hidden', authMode: 'none' },
  { id: 'in', type: 'websocket-plus in', z: 'f', server: 'chat', wires: [['out']] },
  { id: 'out', type: 'websocket-plus out', z: 'f', server: 'chat', wires: [] },
  { id: 'to-client', type: 'websocket-plus out', z: 'f', client: 'client', wires: [] },
];
const CREDENTIALS = { chat: { jwtSecret: SECRET }, other: { jwtSecret: SECRET } };

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
}

/** A Node-RED, and what asks it. */
class Asked {
  readonly red: NodeRedProcess;
  constructor(red: NodeRedProcess) {
    this.red = red;
  }

  async get(path: string, user = 'all'): Promise<Answer> {
    return answerOf(await this.red.request(path, { headers: { authorization: `Bearer ${user}` } }));
  }
  async post(path: string, body: unknown, user = 'all', type = 'application/json'): Promise<Answer> {
    const headers = { authorization: `Bearer ${user}`, 'content-type': type };
    return answerOf(await this.red.request(path, { method: 'POST', headers, body: JSON.stringify(body) }));
  }
  async view(since = 0): Promise<LiveView> {
    return (await this.get(`/websocket-plus/live?since=${since}`)).json as LiveView;
  }
  async page(query = '', id = 'all'): Promise<SessionPage> {
    return (await this.get(`/websocket-plus/live/${id}/sessions?${query}`)).json as SessionPage;
  }
  url(path: string, claims?: Record<string, unknown>): string {
    const jwt = claims === undefined ? '' : `?token=${token({ ...CLAIMS, ...claims })}`;
    return `${this.red.url.replace('http', 'ws')}${path}${jwt}`;
  }
  connect(claims: Record<string, unknown>, path = '/ws/chat'): Promise<SocketClient> {
    return SocketClient.open(this.url(path, claims));
  }
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    json: text.startsWith('{') ? (JSON.parse(text) as unknown) : text,
  };
}

describe('nodes/live: the admin API', function () {
  this.timeout(60_000); // Node-RED starts

  let linked: LinkedNodeRed;
  let asked: Asked;
  const peers: SocketClient[] = [];

  async function connect(claims: Record<string, unknown>, path?: string): Promise<SocketClient> {
    const peer = await asked.connect(claims, path);
    peers.push(peer);
    return peer;
  }

  before(async () => {
    linked = await linkedNodeRed({ flow: FLOW, credentials: CREDENTIALS, users: USERS });
    asked = new Asked(linked.nodeRed);
  });
  afterEach(async () => {
    for (const peer of peers.splice(0)) peer.socket.terminate();
  });
  after(() => linked.stop());

  describe('who may', () => {
    const reads = ['/websocket-plus/live', '/websocket-plus/live/chat/sessions', '/websocket-plus/metrics'];
    const mayRead: Record<string, number> = {
      all: 200,
      reader: 200,
      looker: 200,
      closer: 401,
      deployer: 401,
      nobody: 401,
    };
    for (const [user, status] of Object.entries(mayRead)) {
      it(`answers ${user} who wants to see with ${status}`, async () => {
        for (const path of reads) should([path, (await asked.get(path, user)).status]).eql([path, status]);
      });
    }

    const mayWrite: Record<string, number> = {
      all: 200,
      closer: 200,
      reader: 401,
      looker: 401,
      deployer: 401,
      nobody: 401,
    };
    for (const [user, status] of Object.entries(mayWrite)) {
      it(`answers ${user} who wants to act with ${status}`, async () => {
        const close = await asked.post('/websocket-plus/live/chat/close', { tenantId: 'nobody' }, user);
        const watch = await asked.post('/websocket-plus/live/chat/watch', { tenantId: 'nobody' }, user);
        const ticket = await asked.get('/websocket-plus/live/chat/watch/none', user);
        should([close.status, watch.status, ticket.status]).eql([status, status, status]);
      });
    }

    it('writes an audit line for each act, with who did it and about whom nothing', async () => {
      const from = linked.nodeRed.log.length;
      await asked.post('/websocket-plus/live/chat/close', { tenantId: 'secret-tenant' }, 'closer');
      await linked.nodeRed.logged(/"event":"websocket-plus\.close".*"username":"closer"/, from);
      await asked.post('/websocket-plus/live/chat/watch', { ref: 0 }, 'closer');
      await linked.nodeRed.logged(
        /"event":"websocket-plus\.watch".*"error":"live-unknown".*"username":"closer"/,
        from,
      );
      should(linked.nodeRed.log).not.containEql('secret-tenant');
    });
  });

  it('lets nothing of what it answers be stored', async () => {
    for (const path of [
      '/websocket-plus/live',
      '/websocket-plus/live/all/sessions',
      '/websocket-plus/live/x/sessions',
    ])
      should((await asked.get(path)).headers.get('cache-control')).equal('no-store');
  });

  it('shows listeners and clients with what is wrong, and of an address no query', async () => {
    const { listeners, clients } = await asked.view();
    should(listeners).match([
      { id: 'chat', name: 'Chat', path: '/ws/chat', reason: '', keys: null },
      { id: 'other', name: '/ws/other', path: '/ws/other', state: 'idle', reason: '' },
      { id: 'broken', path: '/ws/broken', state: 'misconfigured', reason: 'secret-missing', connections: 0 },
    ]);
    should(clients).match([{ id: 'client', url: 'ws://127.0.0.1:1/up' }]);
    should(JSON.stringify(clients)).not.containEql('hidden');
  });

  it('counts connections, and the largest tenants against their limit', async () => {
    for (const tenantId of ['acme', 'globex', 'acme']) await connect({ tenant_id: tenantId });
    const [chat] = (await asked.view()).listeners;
    should(chat).match({
      connections: 3,
      tenantCount: 2,
      tenants: [
        { tenantId: 'acme', connections: 2, limit: 5 },
        { tenantId: 'globex', connections: 1, limit: 5 },
      ],
    });
  });

  it('groups what was refused by its exact cause, which the peer is not told', async () => {
    const expired = { exp: seconds(-60) };
    for (let i = 0; i < 2; i += 1) await SocketClient.refused(asked.url('/ws/other', expired));
    const { body } = await SocketClient.refused(
      `${asked.url('/ws/other')}?token=${token(CLAIMS, { secret: 'x'.repeat(40) })}`,
    );
    should(body).equal('{"error":"token_invalid"}');
    await SocketClient.refused(asked.url('/ws/broken'));
    const { listeners } = await asked.view();
    should(listeners[1]?.refused).match([
      { cause: 'signature', code: 'token_invalid', status: 401, count: 1, address: '127.0.0.1' },
      { cause: 'expired', code: 'token_expired', status: 401, count: 2 },
    ]);
    should(listeners[2]?.refused).match([
      { cause: 'secret-missing', code: 'unavailable', status: 503, count: 1 },
    ]);
  });

  it('gives a look only the seconds since the one before', async () => {
    const { at, listeners } = await asked.view();
    should(listeners[0]?.series.refused).have.length(119);
    const later = await asked.view(at - 3000);
    for (const values of Object.values(later.listeners[0]?.series ?? {}))
      should(values.length).be.within(3, 4);
    should((await asked.get('/websocket-plus/live?since=-1')).json).eql({ error: 'bad-request' });
  });

  it('names a path that nobody serves, and the listener that it may have been meant for', async () => {
    await should(SocketClient.open(asked.url('/ws/chta?token=hidden'))).rejected(); // after Node-RED's 5 s
    const { unserved } = await asked.view();
    should(unserved).match([{ path: '/ws/chta', count: 1, nearest: '/ws/chat' }]);
    should(JSON.stringify(unserved)).not.containEql('hidden');
  });

  it('shows sessions of one or of all listeners, and searches them', async () => {
    await connect({ sub: 'ann', tenant_id: 'acme' });
    await connect({ sub: 'bob', tenant_id: 'globex' }, '/ws/other');
    const who = ({ rows }: SessionPage) => rows.map(({ subject, listener }) => `${subject} ${listener}`);
    should(who(await asked.page())).eql(['bob other', 'ann chat']);
    should(who(await asked.page('', 'chat'))).eql(['ann chat']);
    should(who(await asked.page('q=GLO'))).eql(['bob other']);
    should(who(await asked.page('tenant=acme'))).eql(['ann chat']);
    should(who(await asked.page('tenant='))).eql([]);
    should(who(await asked.page('subject=bob'))).eql(['bob other']);
    should((await asked.get('/websocket-plus/live/gone/sessions')).json).eql({ error: 'live-unknown' });
  });

  it('closes one connection by its ref, which is no session id', async () => {
    const ann = await connect({ sub: 'ann' });
    const bob = await connect({ sub: 'bob' });
    const { rows } = await asked.page('subject=ann');
    const { json } = await asked.post('/websocket-plus/live/all/close', { ref: rows[0]?.ref });
    should(json).eql({ closed: 1 });
    should(await ann.closed).eql({ code: 4403, reason: 'disconnected' });
    should(bob.socket.readyState).equal(bob.socket.OPEN);
    await ann.closed;
    should((await asked.post('/websocket-plus/live/all/close', { ref: rows[0]?.ref })).status).equal(404);
    await (await connect({ sub: 'ann' })).close(); // it may connect again
  });

  it('closes a tenant, and a subject, and nobody else', async () => {
    const [ann, bob, carl] = [
      await connect({ sub: 'ann', tenant_id: 'acme' }),
      await connect({ sub: 'bob', tenant_id: 'acme' }),
      await connect({ sub: 'carl', tenant_id: 'globex' }),
    ];
    should((await asked.post('/websocket-plus/live/chat/close', { subject: 'ann' })).json).eql({ closed: 1 });
    await ann.closed;
    should((await asked.post('/websocket-plus/live/chat/close', { tenantId: 'acme' })).json).eql({
      closed: 1,
    });
    await bob.closed;
    should(carl.socket.readyState).equal(carl.socket.OPEN);
  });

  it('blocks a token until its end, and with a jti no other token of its subject', async () => {
    const [named, unnamed] = [{ sub: 'ann', jti: 'one' }, { sub: 'eve' }];
    for (const claims of [named, unnamed]) {
      const peer = await connect({ ...claims, iat: seconds(-5) });
      const { rows } = await asked.page(`subject=${claims.sub}`);
      const { json } = await asked.post('/websocket-plus/live/chat/close', {
        ref: rows[0]?.ref,
        block: true,
      });
      should(json).eql({ closed: 1 });
      should((await peer.closed).code).equal(4401);
      const refused = await SocketClient.refused(asked.url('/ws/chat', { ...claims, iat: seconds(-5) }));
      should(refused.body).equal('{"error":"token_revoked"}');
    }
    await connect({ sub: 'ann', jti: 'two', iat: seconds(-5) });
    should(
      (await SocketClient.refused(asked.url('/ws/chat', { sub: 'eve', jti: 'x', iat: seconds(-5) }))).status,
    ).equal(401);
  });

  it('says that a token without name and subject cannot be blocked', async () => {
    await connect({ sub: undefined, tenant_id: 'nameless' });
    const { rows } = await asked.page('tenant=nameless');
    const answer = await asked.post('/websocket-plus/live/chat/close', { ref: rows[0]?.ref, block: true });
    should([answer.status, answer.json]).eql([409, { error: 'live-no-block' }]);
  });

  for (const [what, body] of [
    ['names nobody', {}],
    ['names two', { ref: 1, tenantId: 'acme' }],
    ['blocks a tenant', { tenantId: 'acme', block: true }],
    ['has a ref that is none', { ref: 1.5 }],
    ['is a list', [{ ref: 1 }]],
    ['has a name that is too long', { subject: 'x'.repeat(2000) }],
  ] as const) {
    it(`does nothing for a request that ${what}`, async () => {
      const peer = await connect({ tenant_id: 'acme' });
      const answer = await asked.post('/websocket-plus/live/chat/close', body);
      should([answer.status, answer.json]).eql([400, { error: 'bad-request' }]);
      should(peer.socket.readyState).equal(peer.socket.OPEN);
    });
  }

  it('takes no form of another site for a request', async () => {
    const answer = await asked.post(
      '/websocket-plus/live/chat/close',
      { tenantId: 'acme' },
      'all',
      'text/plain',
    );
    should(answer.status).equal(400);
  });

  it('watches a connection from the moment on, until it is closed', async () => {
    const ann = await connect({ sub: 'ann' });
    ann.send('before');
    await ann.next();
    const { rows } = await asked.page('subject=ann');
    const { json } = await asked.post('/websocket-plus/live/chat/watch', { ref: rows[0]?.ref });
    const path = `/websocket-plus/live/chat/watch/${(json as { ticket: string }).ticket}`;
    ann.send('hello');
    await ann.next();
    const first = (await asked.get(`${path}?after=0`)).json as WatchAnswer;
    should(first.messages.map(({ direction, text, bytes }) => [direction, text, bytes])).eql([
      ['in', 'hello', 5],
      ['out', 'hello', 5],
    ]);
    should(first.ended).be.false();
    should((await asked.get(`${path}?after=${first.next}`)).json).match({ messages: [], ended: false });
    await asked.post('/websocket-plus/live/chat/close', { ref: rows[0]?.ref });
    await ann.closed;
    should((await asked.get(`${path}?after=${first.next}`)).json).match({ messages: [], ended: true });
  });
});

for (const [liveView, view, sessions] of [
  ['counts', 200, 'live-counts'],
  [false, 404, 'live-off'],
  ['yes', 404, 'live-off'],
] as const) {
  describe(`nodes/live: the admin API, liveView: ${JSON.stringify(liveView)}`, function () {
    this.timeout(60_000);

    let linked: LinkedNodeRed;
    let asked: Asked;
    before(async () => {
      const settings = { websocketPlusListener: { liveView } };
      linked = await linkedNodeRed({ flow: FLOW, credentials: CREDENTIALS, settings });
      asked = new Asked(linked.nodeRed);
    });
    after(() => linked.stop());

    it('tells numbers at most, and about nobody', async () => {
      const peer = await asked.connect({ sub: 'ann', tenant_id: 'acme' });
      await SocketClient.refused(asked.url('/ws/chat'));
      const { status, json } = await asked.get('/websocket-plus/live');
      should(status).equal(view);
      if (view === 200) {
        should((json as LiveView).listeners[0]).match({ connections: 1, tenantCount: 1, tenants: [] });
        should((json as LiveView).listeners[0]?.refused).match([
          { code: 'token_missing', count: 1, address: '' },
        ]);
      }
      for (const text of ['acme', 'ann', '127.0.0.1"']) should(JSON.stringify(json)).not.containEql(text);
      await peer.close();
    });

    it('has no sessions, closes nobody and watches nobody', async () => {
      const answers = [
        await asked.get('/websocket-plus/live/all/sessions'),
        await asked.post('/websocket-plus/live/all/close', { tenantId: 'acme' }),
        await asked.post('/websocket-plus/live/all/watch', { tenantId: 'acme' }),
      ];
      for (const { json } of answers) should(json).eql({ error: sessions });
    });

    it('has its metrics all the same', async () => {
      const { json } = await asked.get('/websocket-plus/metrics');
      should(json).containEql('websocket_plus_handshakes_total{listener="/ws/chat",result="accepted"} 1');
    });
  });
}
