import type { TLSSocket } from 'node:tls';
import should from 'should';
import type { Middleware } from '../../../src/handshake/middleware.js';
import type { VerifyQuestion } from '../../../src/handshake/verify-function.js';
import { Authority } from '../../support/core/certificates.js';
import { ListenerServer, type ListenerServerOptions } from '../../support/core/listener-server.js';
import { SocketClient } from '../../support/core/socket-client.js';

const BY_FUNCTION = { jwtValidation: 'function', verifyFunction: 'own' };
const ACME = { tenantId: 'acme', subject: 'ann' };

describe('src/handshake/verify-function', () => {
  let server: ListenerServer;
  const clients: SocketClient[] = [];
  afterEach(async () => {
    for (const client of clients.splice(0)) client.socket.terminate();
    await server.stop();
  });

  async function start(
    own: (question: VerifyQuestion) => unknown,
    properties: Record<string, unknown> = {},
    options: ListenerServerOptions = {},
  ): Promise<void> {
    server = await ListenerServer.start({
      properties: { ...BY_FUNCTION, ...properties },
      verifyFunctions: { own },
      ...options,
    });
  }

  async function open(...where: Parameters<typeof SocketClient.open>): Promise<SocketClient> {
    const client = await SocketClient.open(...where);
    clients.push(client);
    return client;
  }

  it('is told the request itself, the token as it is, path and address', async () => {
    const asked: VerifyQuestion[] = [];
    await start(
      (question) => {
        asked.push(question);
        return ACME;
      },
      {},
      { trustProxy: 1 },
    );
    await open(`${server.url()}?token=${encodeURIComponent('no JWT, at all')}&x=1`, {
      headers: { 'X-Forwarded-For': '203.0.113.9' },
    });
    const { request, ...others } = asked[0] as VerifyQuestion;
    should(others).eql({ token: 'no JWT, at all', path: '/ws', address: '203.0.113.9' });
    should(request.url).endWith('&x=1');
    should(request.socket.remotePort).be.above(0);
  });

  it('is asked where there is no token, and null is then token_missing', async () => {
    const tokens: unknown[] = [];
    await start(({ token }) => {
      tokens.push(token);
      return null;
    });
    for (const url of [server.url(), server.url('')]) {
      const { status, headers, body } = await SocketClient.refused(url);
      should([status, headers['www-authenticate'], body]).eql([401, 'Bearer', '{"error":"token_missing"}']);
    }
    const { body } = await SocketClient.refused(server.url('opaque'));
    should(body).equal('{"error":"token_invalid"}');
    should(tokens).eql([undefined, undefined, 'opaque']);
  });

  it('takes HTTP Basic where Authorization is a source: that header counts as no token', async () => {
    await start(
      ({ request, token }) => {
        const [, credentials = ''] = /^Basic (.*)$/.exec(request.headers.authorization ?? '') ?? [];
        const [station, password] = Buffer.from(credentials, 'base64').toString().split(':');
        return token === undefined && password === 'right' ? { tenantId: 'house', subject: station } : null;
      },
      { tokenSources: ['header'] },
    );
    const basic = (credentials: string) => ({
      headers: { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    });
    const client = await open(server.url(), basic('CP1:right'));
    const { _session } = await server.messageFrom(client);
    should(_session).match({ tenantId: 'house', subject: 'CP1', authStatus: 'verified' });
    should((await SocketClient.refused(server.url(), basic('CP1:wrong'))).status).equal(401);
  });

  it('takes the certificate of a client', async () => {
    const authority = new Authority();
    const own = ({ request }: VerifyQuestion) => {
      const socket = request.socket as TLSSocket;
      const { subject } = socket.getPeerCertificate();
      return socket.authorized ? { tenantId: 'house', subject: String(subject.CN) } : null;
    };
    const ca = authority.cert;
    const tls = {
      ...authority.issue('server', ['127.0.0.1']),
      ca,
      requestCert: true,
      rejectUnauthorized: false,
    };
    await start(own, {}, { tls });
    const client = await open(server.url(), { ca, ...authority.issue('meter-7') });
    should((await server.messageFrom(client))._session).match({ subject: 'meter-7' });
    const stranger = new Authority('evil').issue('meter-7');
    should((await SocketClient.refused(server.url(), { ca, ...stranger })).body).equal(
      '{"error":"token_missing"}',
    );
  });

  it('may leave out a tenant that is fixed, and cannot name another', async () => {
    await start(({ token }) => (token === undefined ? {} : { tenantId: token }), {
      tenantFrom: 'static',
      tenantId: 'house',
    });
    const { _session } = await server.messageFrom(await open(server.url()));
    should(_session).match({ tenantId: 'house' });
    const refused = server.next('refused');
    should((await SocketClient.refused(server.url('acme'))).body).equal('{"error":"token_invalid"}');
    should(await refused).match({ because: { cause: 'tenant' } });
  });

  it('says when a connection ends, which is then closed as with a token', async () => {
    await start(() => ({ ...ACME, expiresAt: Date.now() + 200 }));
    const client = await open(server.url());
    should(await client.closed).eql({ code: 4401, reason: 'token expired' });
  });

  it('is followed by the middleware and by the limits', async () => {
    const seen: unknown[] = [];
    const middleware: Middleware = ({ identity }, next) => {
      seen.push(identity);
      next();
    };
    await start(
      () => ({ ...ACME, claims: { role: 'admin' } }),
      { enforceLimits: true, maxConnectionsPerSubject: '1', sessionClaims: 'role' },
      { middleware: [middleware] },
    );
    const client = await open(server.url());
    should(seen).eql([{ ...ACME, claims: { role: 'admin' }, authStatus: 'verified' }]);
    should((await SocketClient.refused(server.url())).status).equal(429);
    should((await server.messageFrom(client))._session).match({ claims: { role: 'admin' } });
  });

  it('is asked of the token in the first message, where that is a source', async () => {
    const tokens: unknown[] = [];
    await start(
      ({ token }) => {
        tokens.push(token);
        return { ...ACME, expiresAt: Date.now() + 60_000 };
      },
      { tokenSources: ['message'] },
    );
    const client = await open(server.url());
    client.send(JSON.stringify({ type: 'authenticate', token: 'opaque' }));
    should(await client.nextJson()).match({ type: 'authenticated', expiresIn: 60 });
    should(tokens).eql(['opaque']);
  });
});
