import { once } from 'node:events';
import { createServer } from 'node:net';
import should from 'should';
import type { KeysEvent } from '../../../src/events/events.js';
import { fetchFailure } from '../../../src/keys/fetch-failure.js';
import { jwks } from '../../../src/keys/jwks.js';
import type { KeyRoute } from '../../../src/keys/key-request.js';
import { Authority } from '../../support/core/certificates.js';
import { ConnectProxy } from '../../support/core/connect-proxy.js';
import { JwksServer } from '../../support/core/jwks-server.js';
import { TlsKeyServer } from '../../support/core/tls-key-server.js';
import { signer } from '../../support/core/tokens.js';

const TIMING = {
  refreshMs: 20,
  cooldownMs: 0,
  minBackoffMs: 60_000,
  maxBackoffMs: 60_000,
  timeoutMs: 4000,
};

/** What is said of the first fetch, or of the first that fails after good ones. */
async function failure(uri: string, route: KeyRoute = {}, timing: object = {}): Promise<object> {
  let close = () => {};
  try {
    return await new Promise((resolve) => {
      const emit = (event: KeysEvent) => event.kind === 'keys-failed' && resolve(event);
      ({ close } = jwks(uri, emit, { ...TIMING, ...timing }, route));
    });
  } finally {
    close();
  }
}

function failed(code: string, detail?: string | number, stale = false): object {
  return { kind: 'keys-failed', code, stale, ...(detail === undefined ? {} : { detail }) };
}

describe('src/keys/fetch-failure', () => {
  let endpoint: JwksServer;
  before(async () => {
    endpoint = await JwksServer.start();
  });
  after(() => endpoint.stop());

  for (const status of [400, 401, 403, 404, 406, 410, 418, 429, 500, 502, 503, 304, 305]) {
    it(`tells the status ${status}`, async () => {
      endpoint.answer = JwksServer.status(status);
      should(await failure(endpoint.uri)).eql(failed('jwks-status', status));
    });
  }

  for (const status of [300, 301, 302, 303, 307, 308]) {
    it(`calls ${status} a redirect`, async () => {
      endpoint.answer = JwksServer.status(status, { location: endpoint.uri });
      should(await failure(endpoint.uri)).eql(failed('jwks-redirect', status));
    });
  }

  it('tells what is wrong with a set, or that it did not come', async () => {
    for (const [answer, code, detail] of [
      [JwksServer.body('<html>'), 'jwks-malformed'],
      [JwksServer.body('{"keys":[]}'), 'jwks-unusable', 'RS256, ES256'],
      [JwksServer.body(' '.repeat(1024 * 1024 + 1)), 'jwks-too-large'],
      [JwksServer.hang, 'jwks-timeout'],
    ] as const) {
      endpoint.answer = answer;
      const timing = answer === JwksServer.hang ? { timeoutMs: 100 } : {};
      should(await failure(endpoint.uri, {}, timing)).eql(failed(code, detail));
    }
  });

  it('says whether there are keys of an earlier fetch', async () => {
    const { jwk } = await signer('ES256', 'one');
    for (const bad of [JwksServer.status(403), JwksServer.keys([])]) {
      endpoint.answer = JwksServer.keys([jwk]);
      const first = endpoint.asked();
      const failing = failure(endpoint.uri);
      await first;
      endpoint.answer = bad;
      should(await failing).match({ kind: 'keys-failed', stale: true });
    }
  });

  it('tells a certificate of an unknown authority, an expired one and one for another name', async () => {
    const authority = new Authority();
    for (const [certificate, ca, detail] of [
      [authority.issue('keys', ['127.0.0.1']), undefined, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
      [authority.issueExpired('keys', ['127.0.0.1']), authority.cert, 'CERT_HAS_EXPIRED'],
      [authority.issue('keys', ['keys.test']), authority.cert, 'ERR_TLS_CERT_ALTNAME_INVALID'],
      [authority.issue('keys'), authority.cert, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ] as const) {
      const server = await TlsKeyServer.start(certificate, []);
      const proxy = await ConnectProxy.start();
      const tls = ca === undefined ? {} : { ca };
      const expected = failed('jwks-certificate', detail);
      should(await failure(server.uri(), { tls })).eql(expected);
      should(await failure(server.uri(), { tls, proxy: { https_proxy: proxy.url } })).eql(expected);
      should(server.fetches).equal(0);
      await proxy.stop();
      await server.stop();
    }
  });

  it('tells that the server speaks no TLS', async () => {
    const uri = endpoint.uri.replace('http:', 'https:');
    should(await failure(uri)).match({ code: 'jwks-tls', detail: /^(?:EPROTO|ERR_SSL_[A-Z\d_]+)$/ });
  });

  it('tells that a name is not known', async () => {
    should(await failure('http://nowhere.invalid/')).match({
      code: 'jwks-name',
      detail: /^(?:ENOTFOUND|EAI_AGAIN)$/,
    });
  });

  it('tells that nobody is there, that somebody hangs up and that somebody speaks something else', async () => {
    const server = createServer((socket) => socket.resume().end('220 mail.test\r\n')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const uri = `http://127.0.0.1:${port}/`;
    should(await failure(uri)).eql(failed('jwks-unreachable', 'HPE_INVALID_CONSTANT'));
    server.close();
    await once(server, 'close');
    should(await failure(uri)).eql(failed('jwks-unreachable', 'ECONNREFUSED'));
    endpoint.answer = JwksServer.cut;
    should(await failure(endpoint.uri)).eql(failed('jwks-unreachable', 'ECONNRESET'));
  });

  it('tells what the proxy answered, and that it is none', async () => {
    const proxy = await ConnectProxy.start();
    proxy.behaviour = 403;
    const route = (https_proxy: string) => ({ proxy: { https_proxy } });
    should(await failure('https://keys.test/', route(proxy.url))).eql(failed('jwks-proxy', 403));
    should(await failure('https://keys.test/', route('ftp://proxy.test'))).eql(failed('jwks-proxy-invalid'));
    await proxy.stop();
  });

  it('tells a proxy that hangs up', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.end())).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const route = { proxy: { https_proxy: `http://127.0.0.1:${port}` } };
    should(await failure('https://keys.test/', route)).eql(failed('jwks-unreachable', 'UNKNOWN'));
    server.close();
    await once(server, 'close');
  });

  for (const [code, kind] of [
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'jwks-certificate'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'jwks-certificate'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'jwks-certificate'],
    ['CERT_NOT_YET_VALID', 'jwks-certificate'],
    ['CERT_REVOKED', 'jwks-certificate'],
    ['CRL_HAS_EXPIRED', 'jwks-certificate'],
    ['INVALID_PURPOSE', 'jwks-certificate'],
    ['HOSTNAME_MISMATCH', 'jwks-certificate'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'jwks-tls'],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'jwks-tls'],
    ['ERR_OSSL_PEM_NO_START_LINE', 'jwks-tls'],
    ['EAI_FAIL', 'jwks-name'],
    ['EHOSTUNREACH', 'jwks-unreachable'],
    ['HPE_HEADER_OVERFLOW', 'jwks-unreachable'],
  ] as const) {
    it(`counts ${code} as ${kind}`, () => {
      const error = fetchFailure(Object.assign(new Error('not to be shown'), { code }));
      should([error.code, error.detail]).eql([kind, code]);
    });
  }

  it('tells of several addresses what was wrong with one that can be reached', async () => {
    const errors = ['ENETUNREACH', 'ECONNREFUSED'].map((code) => Object.assign(new Error(), { code }));
    const all = Object.assign(new AggregateError(errors), { code: 'ENETUNREACH' });
    should(fetchFailure(all).detail).equal('ECONNREFUSED');
    should(fetchFailure(new AggregateError(errors.slice(0, 1))).detail).equal('ENETUNREACH');
  });

  it('quotes nothing that is not a code', () => {
    for (const code of ['evil text', 'lower', '', 7, undefined, {}, 'A\nB', '__NAME__']) {
      const { message, detail } = fetchFailure(Object.assign(new Error('evil'), { code }));
      should([message, detail]).eql(['jwks-unreachable', 'UNKNOWN']);
    }
    for (const error of [undefined, null, 'evil', new AggregateError([])]) {
      should(fetchFailure(error).detail).equal('UNKNOWN');
    }
  });
});
