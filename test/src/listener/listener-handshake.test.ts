import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import should from 'should';
import type { VerifyClientCallbackSync } from 'ws';
import type { VerifyClient } from '../../../src/handshake/verify-client.js';
import { JwksServer } from '../../support/core/jwks-server.js';
import { ListenerServer, type ListenerServerOptions } from '../../support/core/listener-server.js';
import { answerOf, rawSocket, upgradeRequest } from '../../support/core/raw-client.js';
import { SocketClient } from '../../support/core/socket-client.js';
import { CLAIMS, OTHER_SECRET, seconds, signer, token } from '../../support/core/tokens.js';

describe('src/listener/listener: the handshake', () => {
  let server: ListenerServer;

  async function start(options: ListenerServerOptions = {}): Promise<void> {
    server = await ListenerServer.start(options);
  }
  function refused(jwt?: string) {
    return SocketClient.refused(server.url(jwt));
  }
  function port(): number {
    return (server.server.address() as AddressInfo).port;
  }
  afterEach(() => server.stop());

  it('lets a peer with a valid token in', async () => {
    await start();
    const connected = server.next('connect');
    const client = await server.connect();
    const { session, state } = await connected;
    should(state).eql({ kind: 'connected', count: 1 });
    should(session).match({
      type: 'websocket',
      tenantId: 'acme',
      subject: 'ann',
      authStatus: 'verified',
      routingScope: 'tenant',
    });
    const disconnected = server.next('disconnect');
    await client.close();
    should((await disconnected).state).eql({ kind: 'empty' });
  });

  for (const [code, challenge, jwt] of [
    ['token_missing', 'Bearer', undefined],
    ['token_missing', 'Bearer', ''],
    ['token_invalid', 'Bearer error="invalid_token"', token(CLAIMS, { secret: OTHER_SECRET })],
    ['token_expired', 'Bearer error="invalid_token"', token({ ...CLAIMS, exp: seconds(-10) })],
    ['tenant_missing', 'Bearer error="invalid_token"', token({ sub: 'ann' })],
  ] as const) {
    it(`answers 401 and ${code}`, async () => {
      await start();
      const { status, headers, body } = await refused(jwt);
      should(status).equal(401);
      should(body).equal(`{"error":"${code}"}`);
      should(headers['www-authenticate']).equal(challenge);
      should(headers['cache-control']).equal('no-store');
      should(headers['content-type']).equal('application/json');
      should(server.refusals).eql([{ code, status: 401 }]);
    });
  }

  it('writes nothing but a fixed answer, whatever the request says, and closes the socket', async () => {
    await start();
    const evil = upgradeRequest('/ws?token=%0d%0aX-Evil:%201', { 'Sec-WebSocket-Protocol': 'x-evil' });
    const answer = await answerOf(await rawSocket(port(), evil));
    should(answer).equal(
      [
        'HTTP/1.1 401 Unauthorized',
        'Connection: close',
        'Cache-Control: no-store',
        'Content-Type: application/json',
        'Content-Length: 25',
        'WWW-Authenticate: Bearer error="invalid_token"',
        '',
        '{"error":"token_invalid"}',
      ].join('\r\n'),
    );
  });

  it('accepts a request target in absolute form', async () => {
    await start();
    const socket = await rawSocket(port(), upgradeRequest(`http://any.host/ws?token=${token()}`));
    const [answer] = await once(socket, 'data');
    should(String(answer)).startWith('HTTP/1.1 101 ');
    socket.destroy();
  });

  it('leaves other paths to other handlers', async () => {
    await start();
    server.server.on('upgrade', (request, socket) => {
      if (request.url === '/other') socket.end('HTTP/1.1 418 Teapot\r\n\r\n');
    });
    for (const target of ['/other']) {
      should(await answerOf(await rawSocket(port(), upgradeRequest(target)))).startWith('HTTP/1.1 418 ');
    }
    should(server.refusals).eql([]);
  });

  it('survives request targets that are not URLs', async () => {
    await start();
    server.server.on('upgrade', (request, socket) => {
      if (!request.url?.startsWith('/ws')) socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
    });
    for (const target of ['//', '//?token=x', 'http://', '*', '/%', '?token=x']) {
      should(await answerOf(await rawSocket(port(), upgradeRequest(target)))).match(
        /^HTTP\/1.1 40[04] /,
        target,
      );
    }
  });

  it('accepts the first of the subprotocols offered', async () => {
    await start();
    const client = await SocketClient.open(server.url(token()), {}, ['chat.v2', 'chat.v1']);
    should(client.socket.protocol).equal('chat.v2');
    await client.close();
  });

  it('negotiates no compression', async () => {
    await start();
    const client = await SocketClient.open(server.url(token()), { perMessageDeflate: true });
    should(client.socket.extensions).equal('');
    await client.close();
  });

  it('answers 401 and keys_unavailable while no key set was ever fetched', async () => {
    const endpoint = await JwksServer.start();
    endpoint.answer = JwksServer.cut;
    await start({ properties: { jwtValidation: 'jwks', jwksUri: endpoint.uri } });
    const { status, body } = await refused(await (await signer('RS256', 'a')).sign());
    should([status, body]).eql([401, '{"error":"keys_unavailable"}']);
    await endpoint.stop();
  });

  it('lets everybody in, anonymous, in mode none', async () => {
    await start({ properties: { jwtValidation: 'none' } });
    const connected = server.next('connect');
    const client = await SocketClient.open(`${server.url()}?token=a&token=b`);
    should((await connected).session).match({ tenantId: null, authStatus: 'none' });
    should('subject' in ((await connected).session ?? {})).equal(false);
    await client.close();
  });

  describe('with a verifyClient function of the user', () => {
    const answers: [string, VerifyClient, number | 'open'][] = [
      ['that says yes', () => true, 'open'],
      ['that says yes through its callback', (_info, callback) => callback(true), 'open'],
      ['that says yes with a promise', (async (_info: unknown) => true) as unknown as VerifyClient, 'open'],
      ['that says no', () => false, 401],
      ['that says no with a promise', (async (_info: unknown) => false) as unknown as VerifyClient, 401],
      [
        'that says no with a code',
        (_info, callback) => callback(false, 403, 'Secret', { 'x-leak': 'a' }),
        403,
      ],
      ['that says no with a strange code', (_info, callback) => callback(false, 200), 401],
      ['that says no with a broken code', (_info, callback) => callback(false, Number.NaN), 401],
      [
        'that throws',
        () => {
          throw new Error('x');
        },
        500,
      ],
      [
        'that throws in callback form',
        (_info, _callback) => {
          throw new Error('x');
        },
        500,
      ],
      [
        'that rejects',
        (async (_info: unknown, _callback: unknown) => {
          throw new Error('x');
        }) as unknown as VerifyClient,
        500,
      ],
      ['that never answers', (_info, _callback) => {}, 503],
      [
        'that answers twice, first no',
        (_info, callback) => {
          callback(false, 409);
          callback(true);
        },
        409,
      ],
      [
        'that answers twice, first yes',
        (_info, callback) => {
          callback(true);
          callback(false, 409);
        },
        'open',
      ],
      ['that is not a function', 'yes' as unknown as VerifyClient, 500],
    ];
    for (const [what, verifyClient, outcome] of answers) {
      it(`${outcome === 'open' ? 'goes on after' : `answers ${outcome} for`} one ${what}`, async () => {
        await start({ verifyClient, timeoutMs: 200 });
        if (outcome === 'open') {
          await (await server.connect()).close();
          should((await refused()).status).equal(401);
        } else {
          const { status, headers, body } = await refused(token());
          should(status).equal(outcome);
          should(headers['x-leak']).equal(undefined);
          should(body).not.containEql('Secret');
        }
      });
    }

    it('is told the origin and the request', async () => {
      const asked: unknown[] = [];
      const verifyClient: VerifyClientCallbackSync<IncomingMessage> = (info) => {
        asked.push([info.origin, info.secure, info.req.url?.startsWith('/ws?token=')]);
        return true;
      };
      await start({ verifyClient });
      await (await SocketClient.open(server.url(token()), { origin: 'https://page' })).close();
      should(asked).eql([['https://page', false, true]]);
    });
  });

  it('answers 503 past 256 that wait, and takes the next when one of them hangs up', async () => {
    let entered = 0;
    let allWait = () => {};
    const full = new Promise<void>((resolve) => {
      allWait = resolve;
    });
    const verifyClient: VerifyClient = (_info, _callback) => {
      entered += 1;
      if (entered === 256) allWait();
    };
    await start({ verifyClient, timeoutMs: 60_000 });
    const sockets = await Promise.all(
      Array.from({ length: 256 }, () => rawSocket(port(), upgradeRequest(`/ws?token=${token()}`))),
    );
    await full;
    const { status, body, headers } = await refused(token());
    should([status, body, headers['retry-after']]).eql([503, '{"error":"too_many_handshakes"}', '1']);
    const closed = new Promise<void>((resolve) => {
      server.server.once('upgrade', () => resolve());
    });
    const [first] = sockets;
    first?.resetAndDestroy();
    // the reset is seen before a connection that is made after it
    const late = rawSocket(port(), upgradeRequest(`/ws?token=${token()}`));
    await closed;
    should(entered).equal(257);
    (await late).resetAndDestroy();
    for (const socket of sockets) socket.resetAndDestroy(); // a FIN would not be seen before the deadline
  });

  it('opens nothing for a listener that closed while the token was checked', async () => {
    let answer: (yes: boolean) => void = () => {};
    let isAsked = () => {};
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    await start({
      verifyClient: (_info, callback) => {
        answer = callback;
        isAsked();
      },
    });
    const refusal = refused(token());
    await asked;
    server.listener.close();
    answer(true);
    should((await refusal).status).equal(503);
  });

  it('leaves a socket alone that another handler of the server has answered', async () => {
    await start();
    server.server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 418 Teapot\r\n\r\n'));
    should((await refused(token())).status).equal(418);
    should((await refused()).status).equal(418);
    should(server.refusals).eql([]);
  });

  it('closes a socket that an earlier request of the same connection was answered on meanwhile', async () => {
    for (const accepted of [true, false]) {
      let earlierResponse: ServerResponse | undefined;
      await start({
        verifyClient: (_info, callback) => earlierResponse?.end('late', () => callback(accepted)),
      });
      server.server.on('request', (_request, response) => {
        earlierResponse = response;
      });
      const earlier = 'GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n';
      const upgraded = once(server.server, 'upgrade');
      const socket = await rawSocket(port(), earlier + upgradeRequest(`/ws?token=${token()}`));
      const [, ours] = (await upgraded) as [unknown, Duplex];
      should(await answerOf(socket)).match(/^HTTP\/1.1 200 OK.*late$/s);
      should(ours.destroyed).equal(true);
      if (accepted) await server.stop();
    }
  });

  it('answers 400 to an upgrade that is not a WebSocket handshake, after the token', async () => {
    await start();
    const bad = upgradeRequest(`/ws?token=${token()}`, { 'Sec-WebSocket-Key': 'short' });
    should(await answerOf(await rawSocket(port(), bad))).startWith('HTTP/1.1 400 ');
    const h2c = upgradeRequest(`/ws?token=${token()}`, { Upgrade: 'h2c' });
    should(await answerOf(await rawSocket(port(), h2c))).startWith('HTTP/1.1 400 ');
    const noToken = upgradeRequest('/ws', { Upgrade: 'h2c' });
    should(await answerOf(await rawSocket(port(), noToken))).startWith('HTTP/1.1 401 ');
  });

  it('answers 429 over the connections of a tenant, and lets the next in when one is gone', async () => {
    await start({ properties: { enforceLimits: true, maxConnections: '2' } });
    const [a] = [await server.connect(), await server.connect()];
    const { status, headers, body } = await refused(token());
    should([status, body]).eql([429, '{"error":"too_many_connections"}']);
    should(headers['retry-after']).equal('1');
    const other = await server.connect({ tenant_id: 'other' });
    const disconnected = server.next('disconnect');
    a?.socket.terminate();
    await disconnected;
    const again = await server.connect();
    for (const client of [other, again]) await client.close();
  });
});
