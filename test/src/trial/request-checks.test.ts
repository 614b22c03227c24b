import should from 'should';
import { parseListenerOptions } from '../../../src/config/listener-options.js';
import type { RawProperties } from '../../../src/config/schema.js';
import type { TriedOrigin } from '../../../src/trial/settings.js';
import { tryToken } from '../../../src/trial/try-token.js';
import { ListenerServer } from '../../support/core/listener-server.js';
import { SocketClient } from '../../support/core/socket-client.js';
import { SECRET, token } from '../../support/core/tokens.js';

const PAGE: TriedOrigin = { kind: 'page', origin: 'https://app.example.com' };
const NO_BROWSER: TriedOrigin = { kind: 'none' };

describe('src/trial/request-checks', () => {
  function trial(properties: RawProperties, origin?: TriedOrigin, jwt = token()) {
    const options = parseListenerOptions({ path: '/ws', ...properties }, SECRET);
    const headers = { host: 'red.example.com', origin: 'https://editor.example.com' };
    const page = origin === undefined ? {} : { page: { origin, headers, trustProxy: 0 } };
    const own = { verifyClient: true, middleware: true };
    return tryToken(jwt, options, { ...page, own });
  }

  const rows: [string, TriedOrigin, string, string][] = [
    ['https://app.example.com', PAGE, 'passed', 'allowed'],
    ['https://*.example.com', PAGE, 'passed', 'allowed'],
    ['https://other.example.com', PAGE, 'failed', 'refused'],
    ['same', PAGE, 'failed', 'refused'],
    ['same', { kind: 'page', origin: 'https://red.example.com' }, 'passed', 'allowed'],
    ['same', NO_BROWSER, 'failed', 'missing'],
    ['same none', NO_BROWSER, 'passed', 'no-browser'],
    ['https://app.example.com', { kind: 'unknown' }, 'skipped', 'not-given'],
  ];
  for (const [origins, origin, result, finding] of rows) {
    const tried = origin.kind === 'page' ? origin.origin : origin.kind;
    it(`judges an origin first, as a handshake does: ${tried} where ${origins} may connect`, async () => {
      const { verdict, checks } = await trial({ origins }, origin);
      should(checks[0]).match({ name: 'origin', result, finding });
      if (result !== 'failed') should(verdict.kind).equal('accepted');
      else should(verdict).match({ kind: 'refused', code: 'origin_forbidden', status: 403 });
    });
  }

  it('says nothing of origins where any may connect, and nothing of a token where none is read', async () => {
    should((await trial({}, PAGE)).checks.some(({ name }) => name === 'origin')).equal(false);
    const none = await trial({ jwtValidation: 'none', origins: 'none' }, PAGE, '');
    should(none.verdict).match({ code: 'origin_forbidden' });
    should(none.checks.map(({ name }) => name)).eql(['origin', 'hook', 'middleware']);
  });

  it('says what in settings.js was not asked, each in its place', async () => {
    const names = (await trial({ origins: 'none' }, NO_BROWSER)).checks.map(({ name }) => name);
    should([names[1], names.at(-1)]).eql(['hook', 'middleware']);
  });

  it('says where a token has to stand, unless that is the query alone', async () => {
    should((await trial({})).checks.some(({ name }) => name === 'source')).equal(false);
    const properties = {
      tokenSources: ['query', 'header', 'protocol', 'cookie', 'message'],
      tokenCookie: 'login',
      origins: 'same',
    };
    const { checks } = await trial(properties);
    should(
      checks.filter(({ name }) => name === 'source').map(({ finding, values }) => [finding, values]),
    ).eql([
      ['query', {}],
      ['bearer', { name: 'Authorization' }],
      ['protocol', {}],
      ['cookie', { name: 'login' }],
      ['message', {}],
    ]);
    const own = await trial({ tokenSources: ['header'], tokenHeader: 'X-Token' });
    should(own.checks.find(({ name }) => name === 'source')).match({
      finding: 'header',
      values: { name: 'X-Token' },
    });
  });

  it('counts a token that comes in a message for no part of a request', async () => {
    const long = token({ tenant_id: 'acme', filler: 'x'.repeat(20_000) });
    const message = parseListenerOptions({ path: '/ws', tokenSources: ['message'] }, SECRET);
    should((await tryToken(long, message, { maxTokenBytes: 100_000 })).verdict.kind).equal('accepted');
    const header = parseListenerOptions({ path: '/ws', tokenSources: ['header'] }, SECRET);
    should((await tryToken(long, header, { maxTokenBytes: 100_000 })).verdict).match({ status: 431 });
  });

  describe('the close code', () => {
    const closes: [string, RawProperties, string, TriedOrigin, number | undefined][] = [
      ['a refusal by close', { refusal: 'close' }, 'x', PAGE, 4401],
      ['a refusal by close, of an origin', { refusal: 'close', origins: 'same' }, 'x', PAGE, 4403],
      ['a first message', { tokenSources: ['message'] }, 'x', PAGE, 4401],
      [
        'an origin, before a first message',
        { tokenSources: ['message'], origins: 'same' },
        'x',
        PAGE,
        undefined,
      ],
      ['HTTP', {}, 'x', PAGE, undefined],
    ];
    for (const [what, properties, jwt, origin, code] of closes) {
      it(`is ${code ?? 'none'} with ${what}`, async () => {
        const { verdict } = await trial(properties, origin, jwt);
        should(verdict.kind === 'refused' && verdict.closeCode).equal(code);
      });
    }

    it('is the one that a browser gets', async () => {
      const server = await ListenerServer.start({ properties: { refusal: 'close' } });
      const { code } = await (await SocketClient.open(server.url('x'))).closed;
      const { verdict } = await trial({ refusal: 'close' }, undefined, 'x');
      should(verdict).match({ closeCode: code });
      await server.stop();
    });
  });
});
