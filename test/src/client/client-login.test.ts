import should from 'should';
import type { WebSocket } from 'ws';
import { ClientProbe, type ProbeOptions } from '../../support/core/client-probe.js';
import { ListenerServer } from '../../support/core/listener-server.js';
import { acceptFor, OriginServer } from '../../support/core/origin-server.js';
import { backTo, resources } from '../../support/core/resources.js';
import { TokenServer } from '../../support/core/token-server.js';
import { CLAIMS, SECRET, seconds, token } from '../../support/core/tokens.js';

const JWT = 'header.SECRET-TOKEN.signature';

describe('src/client/client: the token', () => {
  let before: Record<string, number>;
  let tokens: TokenServer;
  let probe: ClientProbe | undefined;

  beforeEach(async () => {
    before = await resources();
    tokens = await TokenServer.start();
  });
  afterEach(async () => {
    await probe?.client.close();
    probe = undefined;
    await tokens.stop();
    await backTo(before);
  });

  /** A client that gets its tokens from the endpoint. */
  function grantee(url: string, properties: Record<string, unknown>, more: ProbeOptions = {}): ClientProbe {
    probe = new ClientProbe(url, {
      properties: { authMode: 'oauth2', tokenUrl: tokens.url, ...properties },
      credentials: { clientId: 'device', clientSecret: 'SECRET-OF-CLIENT' },
      ...more,
    });
    return probe;
  }

  describe('to a listener', () => {
    let server: ListenerServer;

    async function listen(tokenSources: string): Promise<void> {
      server = await ListenerServer.start({ properties: { tokenSources: [tokenSources] } });
    }
    afterEach(() => server.stop());

    for (const tokenPlacement of ['query', 'header', 'protocol', 'message']) {
      it(`is shown by ${tokenPlacement}, and both talk`, async () => {
        await listen(tokenPlacement);
        const said = server.message();
        const client = grantee(server.url(), { tokenPlacement });
        await client.next('connect');
        should(await client.send({ payload: 'hello' })).equal(undefined);
        should(await said).containEql({ payload: 'hello' });
        await server.send({ payload: 'to all', _session: (await said)._session });
        should(await client.messages.next()).containEql({ payload: 'to all' });
      });
    }

    it('is renewed on the same connection, and nothing of that reaches the flow', async () => {
      await listen('message');
      tokens.answer = TokenServer.granting(2);
      const renewed = server.next('renewed');
      const client = grantee(server.url(), { tokenPlacement: 'message' });
      await client.next('connect');
      await renewed;
      await server.next('renewed');
      should(client.messages.items).eql([]);
      should(client.events.items).eql([]);
      should(tokens.requests.length).be.aboveOrEqual(3);
    });

    it('is renewed as soon as the listener says that it expires, if there is another one by then', async () => {
      server = await ListenerServer.start({
        properties: { tokenSources: ['message'] },
        expiryWarningMs: 60_000, // half of a life at most, and so before the client would ask by itself
      });
      let value = token({ ...CLAIMS, exp: seconds(3), jti: 'one' });
      const expiring = server.next('expiring');
      probe = new ClientProbe(server.url(), {
        properties: { authMode: 'value', tokenValue: 'TOKEN', tokenPlacement: 'message' },
        credentials: {},
        read: () => value,
      });
      await probe.next('connect');
      value = token({ ...CLAIMS, exp: seconds(7200), jti: 'two' });
      await expiring;
      should((await server.next('renewed')).expiresIn).be.above(3700);
      should(probe.messages.items).eql([]);
    });

    it('that is refused as a newer one leaves the connection as it is', async () => {
      await listen('message');
      tokens.answer = (response, request) => {
        const life = tokens.requests.length === 1 ? 2 : -60;
        TokenServer.json({ access_token: token({ ...CLAIMS, exp: seconds(life) }), expires_in: 100 })(
          response,
        );
        return request;
      };
      const client = grantee(server.url(), { tokenPlacement: 'message' });
      await client.next('connect');
      const { state } = await client.next('disconnect'); // when the first one has expired
      should(state).eql({ kind: 'failed', reason: '4401' });
      should(tokens.requests.length).be.aboveOrEqual(2);
      should(client.messages.items).eql([]);
      const failures = client.all.items.filter(({ kind }) => kind === 'renewal-failed');
      should(failures).eql([{ kind: 'renewal-failed', reason: 'token_expired' }]);
    });

    it('that is refused is asked for anew, once', async () => {
      await listen('header');
      tokens.answer = (response) =>
        TokenServer.json({
          access_token: token(
            { ...CLAIMS, exp: seconds(3600) },
            { secret: tokens.requests.length === 1 ? 'x'.repeat(32) : SECRET },
          ),
          expires_in: 3600,
        })(response);
      const client = grantee(server.url(), { tokenPlacement: 'header' });
      should(await client.failure()).equal('401 token_invalid');
      await client.next('connect');
      should(tokens.requests.length).equal(2);
    });
  });

  describe('to a server that is no listener of ours', () => {
    let origin: OriginServer;

    beforeEach(async () => {
      origin = await OriginServer.start();
    });
    afterEach(() => origin.stop());

    function loggingIn(jwt = JWT, limits: ProbeOptions['limits'] = {}): ClientProbe {
      probe = new ClientProbe(origin.url(), { properties: { tokenPlacement: 'message' }, jwt, limits });
      return probe;
    }
    async function first(socket: WebSocket): Promise<string> {
      return new Promise((resolve) => socket.once('message', (data) => resolve(String(data))));
    }
    async function answered(answer: (socket: WebSocket) => void): Promise<void> {
      const socket = await origin.accepted.next();
      should(JSON.parse(await first(socket))).eql({ type: 'authenticate', token: JWT });
      answer(socket);
    }

    it('goes nowhere before the WebSocket is open', async () => {
      loggingIn();
      const { url, headers } = await origin.asked.next();
      should(url).equal('/');
      should(headers).not.have.properties(['authorization', 'sec-websocket-protocol']);
    });

    it('makes a connection once the server has said so; what it said before is for nobody', async () => {
      const client = loggingIn();
      await answered((socket) => {
        socket.send('welcome');
        socket.send('{"type":"authenticated"}'); // it does not say for how long
        socket.send('{"type":"authenticated","expiresIn":null}');
        socket.send('{"type":"authenticated","expiresIn":"a text of the flow"}');
        socket.send('now');
      });
      await client.next('connect');
      should((await client.messages.next()).payload).equal(
        '{"type":"authenticated","expiresIn":"a text of the flow"}',
      );
      should((await client.messages.next()).payload).equal('now');
    });

    it('ends with timeout where the server says nothing', async () => {
      const client = loggingIn(JWT, { loginTimeoutMs: 30 });
      await answered(() => {});
      should(await client.failure()).equal('timeout');
    });

    for (const [what, answer, reason, leastMs] of [
      [
        'refuses in words',
        (socket) => {
          socket.send(JSON.stringify({ type: 'unauthorized', error: 'token_expired', hint: JWT }));
          socket.close(4401, JWT);
        },
        '4401 token_expired',
        60_000,
      ],
      [
        'refuses in words that could be anything',
        (socket) => {
          socket.send(JSON.stringify({ type: 'unauthorized', error: JWT }));
          socket.close(4403);
        },
        '4403',
        60_000,
      ],
      ['closes', (socket) => socket.close(1000), 'handshake', 0],
      ['is cut off', (socket) => socket.terminate(), 'handshake', 0],
      ['restarts', (socket) => socket.close(1012), '1012', 0],
    ] as const satisfies readonly (readonly [string, (socket: WebSocket) => void, string, number])[]) {
      it(`says why where the server ${what}`, async () => {
        const client = loggingIn();
        await answered(answer);
        should(await client.failure()).equal(reason);
        const failed = client.all.items.find(({ kind }) => kind === 'failed');
        should(failed).containEql({ kind: 'failed', reason, attempt: 1 });
        const { retryInMs } = failed as { readonly retryInMs: number };
        should(retryInMs).be.within(leastMs, leastMs + 1000);
        should(JSON.stringify(client.all.items)).not.containEql('SECRET');
      });
    }

    it('is not shown while there is none, which is a failure like any other', async () => {
      let value: unknown;
      let reads = 0;
      const read = () => {
        reads += 1;
        return value;
      };
      probe = new ClientProbe(origin.url(), {
        properties: { authMode: 'value', tokenType: 'global', tokenValue: 'login.token' },
        credentials: {},
        read,
      });
      should(await probe.failure()).equal('no token');
      value = 7;
      should(await probe.failure()).equal('no token');
      value = ' ';
      should(await probe.failure()).equal('no token');
      should(origin.requests).eql([]);
      value = ' a.b.c\n';
      should((await origin.asked.next()).url).equal('/?token=a.b.c');
      should(reads).be.aboveOrEqual(4);
    });

    it('that cannot be had is why, and never what the service wrote', async () => {
      tokens.answer = TokenServer.json(
        { error: 'invalid_client', error_description: 'SECRET-OF-CLIENT' },
        401,
      );
      const client = grantee(origin.url(), {});
      should(await client.failure()).equal('token 401 invalid_client');
      should(origin.requests).eql([]);
      should(client.log).eql(['down token 401 invalid_client']);
      should(JSON.stringify(client.all.items)).not.containEql('SECRET');
    });

    it('is waited for as long as the service says', async () => {
      tokens.answer = TokenServer.json({}, 503, { 'retry-after': '300' });
      const client = grantee(origin.url(), {});
      should(await client.failure()).equal('token 503');
      const failed = client.all.items.find(({ kind }) => kind === 'failed') as { readonly retryInMs: number };
      should(failed.retryInMs).be.within(300_000, 301_000);
    });

    it('as a subprotocol that the server chooses is no connection, and in no event', async () => {
      origin.answer = (socket, key) => {
        const accept = acceptFor(key);
        socket.write(
          `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: bearer.${JWT}\r\n\r\n`,
        );
      };
      probe = new ClientProbe(origin.url(), { properties: { tokenPlacement: 'protocol' }, jwt: JWT });
      should(await probe.failure()).equal('subprotocol');
      should(JSON.stringify(probe.all.items)).not.containEql('SECRET');
    });

    it('that is said to last no time is renewed by no second connection', async () => {
      tokens.answer = TokenServer.granting(0);
      const client = grantee(origin.url(), {}, { limits: { stableMs: 0 } });
      await client.next('connect');
      await backTo({ ...before, TCPSocketWrap: 9, TCPServerWrap: 9 }); // no timer more than before
    });

    it('that does not fit where it is to go is not sent', async () => {
      probe = new ClientProbe(origin.url(), {
        properties: { tokenPlacement: 'protocol' },
        jwt: 'two words',
      });
      should(await probe.failure()).equal('token unusable');
      should(origin.requests).eql([]);
    });
  });
});
