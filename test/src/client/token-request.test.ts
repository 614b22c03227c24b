import should from 'should';
import { TokenFailure } from '../../../src/client/token-failure.js';
import { requestToken } from '../../../src/client/token-request.js';
import type { Route, Token } from '../../../src/client/token-supply.js';
import type { TokenGrant } from '../../../src/config/client-options.js';
import { Authority } from '../../support/core/certificates.js';
import { ConnectProxy } from '../../support/core/connect-proxy.js';
import { TokenServer } from '../../support/core/token-server.js';

const NOW = Date.UTC(2030, 0, 1);
const ID = 'a device:1';
const SECRET = 'p@ss: word+%';
const DIRECT: Route = { tls: {}, proxy: undefined };

describe('src/client/token-request', () => {
  let server: TokenServer;

  beforeEach(async () => {
    server = await TokenServer.start();
  });
  afterEach(() => server.stop());

  function grant(more: Partial<TokenGrant> = {}): TokenGrant {
    return {
      tokenUrl: server.url,
      clientId: ID,
      clientSecret: SECRET,
      clientAuth: 'basic',
      scope: '',
      audience: '',
      ...more,
    };
  }
  function request(more: Partial<TokenGrant> = {}, route = DIRECT, timeoutMs = 5000): Promise<Token> {
    return requestToken(grant(more), route, new AbortController().signal, () => NOW, timeoutMs);
  }
  async function failure(...args: Parameters<typeof request>): Promise<TokenFailure> {
    try {
      await request(...args);
    } catch (error) {
      if (error instanceof TokenFailure) return error;
      throw error;
    }
    throw new Error('there is a token');
  }

  it('shows id and secret in the header, each encoded as in a form', async () => {
    await request();
    const [asked] = server.requests;
    should(asked?.method).equal('POST');
    should(Object.fromEntries(asked?.form ?? [])).eql({ grant_type: 'client_credentials' });
    should(asked?.headers).containEql({
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    });
    const [scheme, credentials = ''] = (asked?.headers.authorization ?? '').split(' ');
    should(scheme).equal('Basic');
    const parts = Buffer.from(credentials, 'base64').toString().split(':');
    should(parts.map((part) => new URLSearchParams(`x=${part}`).get('x'))).eql([ID, SECRET]);
    should(asked?.headers['user-agent']).match(/^node-red-contrib-websocket-plus\//);
  });

  it('shows them in the body where the service wants that, and nowhere else', async () => {
    await request({ clientAuth: 'post', scope: 'chat:read chat:write', audience: 'https://chat.example' });
    const [asked] = server.requests;
    should(asked?.headers.authorization).equal(undefined);
    should(Object.fromEntries(asked?.form ?? [])).eql({
      grant_type: 'client_credentials',
      client_id: ID,
      client_secret: SECRET,
      scope: 'chat:read chat:write',
      audience: 'https://chat.example',
    });
  });

  for (const [what, answer, expiresAtMs] of [
    ['in seconds', { expires_in: 60 }, NOW + 60_000],
    ['in seconds, as text', { expires_in: '60' }, NOW + 60_000],
    ['not at all', {}, Number.POSITIVE_INFINITY],
    ['as nonsense', { expires_in: 'soon' }, Number.POSITIVE_INFINITY],
    ['as a time that has passed', { expires_in: -5 }, Number.POSITIVE_INFINITY],
    ['as now', { expires_in: 0 }, NOW],
  ] as const) {
    it(`learns when a token expires where that is said ${what}`, async () => {
      server.answer = TokenServer.json({ access_token: 'opaque', token_type: 'bearer', ...answer });
      should(await request()).eql({ kind: 'token', text: 'opaque', obtainedAtMs: NOW, expiresAtMs });
    });
  }

  it('learns it from the token where the answer does not say it', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg: 'ES256' })}.${part({ exp: NOW / 1000 + 90 })}.c2ln`;
    server.answer = TokenServer.json({ access_token: text });
    should((await request()).expiresAtMs).equal(NOW + 90_000);
  });

  for (const [what, answer, reason] of [
    ['an error of RFC 6749', TokenServer.json({ error: 'invalid_client' }, 401), 'token 401 invalid_client'],
    [
      'an error with words of its own',
      TokenServer.json({ error: 'no <b>', error_description: 'secret p@ss' }, 400),
      'token 400',
    ],
    ['an error that is HTML', TokenServer.json('<html>secret</html>', 502), 'token 502'],
    ['HTML in place of a token', TokenServer.json('<html>log in</html>'), 'token malformed'],
    ['JSON that is no object', TokenServer.json('"token"'), 'token malformed'],
    ['no token', TokenServer.json({ token_type: 'Bearer' }), 'token malformed'],
    ['a token of two lines', TokenServer.json({ access_token: 'a\r\nX: b' }), 'token malformed'],
    ['a token of another type', TokenServer.json({ access_token: 'a', token_type: 'DPoP' }), 'token type'],
    ['a redirect', TokenServer.json('', 302, { location: '/elsewhere' }), 'token 302'],
    ['more than is read', TokenServer.json('x'.repeat(65 * 1024)), 'token too large'],
  ] as const) {
    it(`takes no token from ${what}, and quotes nothing of it`, async () => {
      server.answer = answer;
      const { reason: told, message, cause } = await failure();
      should([told, message, cause]).eql([reason, reason, undefined]);
      should(server.requests.length).equal(1);
    });
  }

  for (const [what, value, waitMs] of [
    ['seconds', '7', 7000],
    ['a date', new Date(NOW + 9000).toUTCString(), 9000],
    ['hours', '86400', 600_000],
    ['nothing that is known', 'soon', 0],
  ] as const) {
    it(`hears how long to wait in ${what}`, async () => {
      server.answer = TokenServer.json({ error: 'slow_down' }, 429, { 'retry-after': value });
      should(await failure()).containEql({ reason: 'token 429 slow_down', retryAfterMs: waitMs });
    });
  }

  it('gives up on an endpoint that never answers, and on one that never ends', async () => {
    server.answer = () => {};
    should((await failure({}, DIRECT, 50)).reason).equal('token timeout');
    server.answer = (response) => response.writeHead(200).write('{');
    should((await failure({}, DIRECT, 50)).reason).equal('token timeout');
  });

  it('tells the error of the network', async () => {
    const gone = await TokenServer.start();
    const { url } = gone;
    await gone.stop();
    should((await failure({ tokenUrl: url })).reason).equal('token ECONNREFUSED');
  });

  describe('over TLS', () => {
    const authority = new Authority();
    const tls = { ca: authority.cert };
    let secure: TokenServer;
    let proxy: ConnectProxy;

    beforeEach(async () => {
      secure = await TokenServer.start(authority.issue('login', ['127.0.0.1']));
      proxy = await ConnectProxy.start();
    });
    afterEach(async () => {
      await secure.stop();
      await proxy.stop();
    });

    it('trusts whom the TLS configuration trusts, and nobody else', async () => {
      should((await request({ tokenUrl: secure.url }, { tls, proxy: undefined })).kind).equal('token');
      should((await failure({ tokenUrl: secure.url })).reason).match(/^token [A-Z_]+$/);
      should(secure.requests.length).equal(1);
    });

    it('goes through the proxy, which sees neither secret nor token', async () => {
      proxy.credentials = 'me:secret';
      const route = { tls, proxy: new URL(proxy.url.replace('//', '//me:secret@')) };
      should((await request({ tokenUrl: secure.url }, route)).kind).equal('token');
      should(proxy.log.map(({ method, target }) => [method, target])).eql([
        ['CONNECT', `127.0.0.1:${secure.port}`],
      ]);
      proxy.credentials = 'me:another';
      should((await failure({ tokenUrl: secure.url }, route)).reason).equal('token proxy 407');
    });
  });
});
