import { once } from 'node:events';
import type { Socket } from 'node:net';
import should from 'should';
import { isTrouble, TROUBLE_CODES } from '../../../src/sessions/endings.js';
import { ListenerServer, type ListenerServerOptions } from '../../support/core/listener-server.js';
import { clientFrame, rawSocket, upgradeRequest } from '../../support/core/raw-client.js';
import { SocketClient } from '../../support/core/socket-client.js';
import { CLAIMS, seconds, token } from '../../support/core/tokens.js';

const BINARY = 2;
const CLOSE = 8;

interface Way {
  readonly code: number;
  readonly reason: string;
  readonly options?: ListenerServerOptions;
  readonly jwt?: () => string;
  /** Brings it about. */
  act?(server: ListenerServer, peer: Socket): void;
}

function closeFrame(code: number, reason = ''): Buffer {
  return clientFrame(CLOSE, Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]));
}

const LIMITED = { properties: { enforceLimits: true, rateLimit: '1' } };

const OURS: Record<string, Way> = {
  'an unmasked frame': { code: 1002, reason: 'protocol error', act: (_, peer) => peer.write('\x81\x01x') },
  'an unknown opcode': {
    code: 1002,
    reason: 'protocol error',
    act: (_, peer) => peer.write(clientFrame(3, Buffer.alloc(0))),
  },
  'a close frame with a code that nobody may send': {
    code: 1002,
    reason: 'protocol error',
    act: (_, peer) => peer.write(closeFrame(1006)),
  },
  'text that is no UTF-8': {
    code: 1007,
    reason: 'invalid UTF-8',
    act: (_, peer) => peer.write(clientFrame(1, Buffer.from([0xff]))),
  },
  'a message that is too large': {
    code: 1009,
    reason: 'message too large',
    options: { properties: { maxPayload: '10' } },
    act: (_, peer) => peer.write(clientFrame(BINARY, Buffer.alloc(11))),
  },
  'fragments that are too large together': {
    code: 1009,
    reason: 'message too large',
    options: { properties: { maxPayload: '10' } },
    act: (_, peer) =>
      peer.write(
        Buffer.concat([clientFrame(BINARY, Buffer.alloc(8), false), clientFrame(0, Buffer.alloc(8), true)]),
      ),
  },
  'more fragments than anybody needs': {
    code: 1008,
    reason: 'too many fragments',
    act: (_, peer) => {
      const more = clientFrame(0, Buffer.from('x'), false);
      const all = [clientFrame(BINARY, Buffer.from('x'), false), ...Array(140_000).fill(more)];
      peer.write(Buffer.concat(all));
    },
  },
  'an expired token': {
    code: 4401,
    reason: 'token expired',
    jwt: () => token({ ...CLAIMS, exp: seconds(1) + 0.2 }),
  },
  'a session that lasts too long': {
    code: 4408,
    reason: 'session timeout',
    options: { properties: { timeout: '0.05' } },
  },
  'messages over the rate': {
    code: 4429,
    reason: 'rate limit exceeded',
    options: LIMITED,
    act: (_, peer) => {
      const frame = clientFrame(BINARY, Buffer.alloc(1));
      peer.write(Buffer.concat([frame, frame, frame]));
    },
  },
  'a peer that does not read': {
    code: 1013,
    reason: 'slow consumer',
    options: { maxBufferedBytes: 70_000, properties: { routingScope: 'global' } },
    act: (server, peer) => {
      peer.pause();
      // more than the system takes for a socket
      for (let i = 0; i < 400; i += 1) void server.send({ payload: 'x'.repeat(60_000) });
    },
  },
  'a peer that answers no ping': { code: 1006, reason: 'no pong', options: { pingIntervalMs: 30 } },
};

describe('src/listener: how connections end', () => {
  let server: ListenerServer;
  afterEach(() => server.stop());

  async function connect({ options = {}, jwt = token }: Pick<Way, 'options' | 'jwt'> = {}) {
    server = await ListenerServer.start(options);
    const connected = server.next('connect');
    const peer = await rawSocket(Number(new URL(server.origin).port), upgradeRequest(`/ws?token=${jwt()}`));
    await connected;
    peer.resume();
    return peer;
  }

  for (const [what, way] of Object.entries(OURS)) {
    it(`is told with code, reason and address: ${what}`, async () => {
      const peer = await connect(way);
      const ended = server.next('disconnect');
      way.act?.(server, peer);
      const { kind, session, state, present, departure, ...ending } = await ended;
      should(ending).eql({ by: 'listener', code: way.code, reason: way.reason, address: '127.0.0.1' });
      should(present).eql({ connections: 0, tenantConnections: 0 });
      should(departure?.durationMs).be.within(0, 60_000);
      should(isTrouble({ by: 'listener', code: way.code })).equal(true);
      should(TROUBLE_CODES).containEql(way.code);
      should(session.tenantId).equal('acme');
      should(state).eql({ kind: 'empty' });
      should(kind).equal('disconnect');
      peer.destroy();
    });
  }

  for (const [code, told, isNews] of [
    [1000, 1000, false],
    [1001, 1001, false],
    [4000, 4000, false],
    [1002, 1002, true],
    [1007, 1007, true],
    [1008, 1008, true],
    [1009, 1009, true],
    [undefined, 1005, false],
  ] as const) {
    it(`is told with the code of a peer that closes with ${code}, and none of its words`, async () => {
      const peer = await connect();
      const ended = server.next('disconnect');
      peer.write(code === undefined ? clientFrame(CLOSE, Buffer.alloc(0)) : closeFrame(code, 'evil words'));
      const event = await ended;
      should(event).match({ by: 'peer', code: told });
      should(JSON.stringify(event)).not.containEql('evil');
      should(isTrouble({ by: 'peer', code: told })).equal(isNews);
      peer.destroy();
    });
  }

  it('is told with 1006 of a peer that is gone', async () => {
    const peer = await connect();
    const ended = server.next('disconnect');
    peer.resetAndDestroy();
    const event = await ended;
    should(event).match({ by: 'peer', code: 1006, reason: undefined });
    should(isTrouble({ by: 'peer', code: 1006 })).equal(false);
  });

  it('keeps our reason whatever the peer answers', async () => {
    const peer = await connect({ options: LIMITED });
    const ended = server.next('disconnect');
    const frame = clientFrame(BINARY, Buffer.alloc(1));
    peer.write(Buffer.concat([frame, frame, closeFrame(1000)]));
    should(await ended).match({ by: 'listener', code: 4429, reason: 'rate limit exceeded' });
  });

  it('is told once of each when the listener is deployed again', async () => {
    server = await ListenerServer.start();
    const clients = await Promise.all([1, 2, 3].map(() => server.connect()));
    server.listener.close();
    const told = server.events.items.filter(({ kind }) => kind === 'disconnect');
    for (const client of clients) should((await client.closed).code).equal(1012);
    should(told.length).equal(3);
    for (const event of told) should(event).match({ by: 'listener', code: 1012, reason: 'service restart' });
    should(told.map((event) => event.kind === 'disconnect' && event.present?.connections)).eql([2, 1, 0]);
    should(server.events.items.filter(({ kind }) => kind === 'disconnect').length).equal(3);
  });

  it('is told once where the path becomes somebody else’s', async () => {
    server = await ListenerServer.start();
    const client = await server.connect();
    server.listener.setOwner(false);
    should((await client.closed).code).equal(1012);
    server.listener.setOwner(true);
    const later = await server.connect();
    const ends = server.events.items.filter(({ kind }) => kind === 'disconnect');
    should(ends).match([{ code: 1012, reason: 'service restart' }]);
    should(ends.length).equal(1);
    await later.close();
  });

  it('is trouble, but for a redeploy', () => {
    should(isTrouble({ by: 'listener', code: 1012 })).equal(false);
  });

  it('is told once of each', async () => {
    server = await ListenerServer.start({ properties: { maxPayload: '10' } });
    const client = await SocketClient.open(server.url(token()));
    const ended = server.next('disconnect');
    client.send('x'.repeat(11));
    await Promise.all([ended, once(client.socket, 'close')]);
    should(server.events.items.filter(({ kind }) => kind === 'disconnect').length).equal(1);
  });
});
