import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import should from 'should';
import { fetchJwks, JwksError } from '../../../src/keys/jwks-fetch.js';
import type { KeyRoute } from '../../../src/keys/key-request.js';
import { Authority } from '../../support/core/certificates.js';
import { ConnectProxy } from '../../support/core/connect-proxy.js';
import { setEnvironment } from '../../support/core/environment.js';
import { JwksServer } from '../../support/core/jwks-server.js';
import { Tinyproxy } from '../../support/core/tinyproxy.js';
import { TlsKeyServer } from '../../support/core/tls-key-server.js';

const SET = { keys: [{ kty: 'RSA', kid: 'one' }] };

async function fetched(uri: string, route: KeyRoute = {}, timeoutMs = 4000): Promise<unknown> {
  try {
    return await fetchJwks(uri, timeoutMs, new AbortController().signal, route);
  } catch (error) {
    if (error instanceof JwksError) return error.code;
    throw error;
  }
}

describe('src/keys/key-request', () => {
  const authority = new Authority();
  const tls = { ca: authority.cert };
  let plain: JwksServer;
  let secure: TlsKeyServer;
  let proxy: ConnectProxy;
  let restore: () => void;

  before(async () => {
    plain = await JwksServer.start(SET.keys);
    secure = await TlsKeyServer.start(authority.issue('keys', ['127.0.0.1', 'keys.test']), SET.keys);
  });
  after(async () => {
    await plain.stop();
    await secure.stop();
  });
  beforeEach(async () => {
    restore = setEnvironment();
    proxy = await ConnectProxy.start();
    plain.fetches = 0;
    secure.fetches = 0;
  });
  afterEach(async () => {
    restore();
    await proxy.idle();
    await proxy.stop();
  });

  it('asks directly where no proxy is named', async () => {
    should(await fetched(plain.uri)).eql(SET);
    should(await fetched(secure.uri(), { tls })).eql(SET);
    should(proxy.log).eql([]);
  });

  it('asks for an https URL through the https proxy, with CONNECT', async () => {
    const settings = { https_proxy: proxy.url };
    should(await fetched(secure.uri(), { tls, proxy: settings })).eql(SET);
    should(proxy.log).match([{ method: 'CONNECT', target: `127.0.0.1:${secure.port}` }]);
    should(await fetched(plain.uri, { proxy: settings })).eql(SET);
    should(proxy.log.length).equal(1);
  });

  it('finds a name that only the proxy knows, and checks the certificate against it', async () => {
    proxy.routes.set('keys.test:443', `127.0.0.1:${secure.port}`);
    proxy.routes.set('other.test:443', `127.0.0.1:${secure.port}`);
    const route = { tls, proxy: { https_proxy: proxy.url } };
    should(await fetched('https://keys.test/jwks.json', route)).eql(SET);
    should(await fetched('https://other.test/jwks.json', route)).not.eql(SET);
    should(secure.fetches).equal(1);
  });

  it('checks the certificate of a server behind a proxy as in front of it', async () => {
    should(await fetched(secure.uri(), { proxy: { https_proxy: proxy.url } })).not.eql(SET);
    should(secure.fetches).equal(0);
  });

  it('takes the proxy from the environment, and leaves out what no_proxy names', async () => {
    restore();
    restore = setEnvironment({ https_proxy: proxy.url });
    should(await fetched(secure.uri(), { tls })).eql(SET);
    should(proxy.log.length).equal(1);
    restore();
    restore = setEnvironment({ https_proxy: proxy.url, no_proxy: '127.0.0.1' });
    should(await fetched(secure.uri(), { tls })).eql(SET);
    should(proxy.log.length).equal(1);
    should(await fetched(secure.uri(), { tls, proxy: { no_proxy: ['elsewhere'] } })).eql(SET);
    should(proxy.log.length).equal(2);
  });

  it('hands the whole URL of an http one to the http proxy, as curl does', async () => {
    restore();
    restore = setEnvironment({ http_proxy: proxy.url });
    should(await fetched('http://keys.test:81/a/jwks.json?b=c#d')).equal('jwks-status');
    should(proxy.log).match([{ method: 'GET', target: 'http://keys.test:81/a/jwks.json?b=c' }]);
  });

  it('shows its credentials to the proxy alone, and names the server as Host', async () => {
    let headers: IncomingHttpHeaders = {};
    const server = createServer((request, response) => {
      headers = request.headers;
      response.end(JSON.stringify(SET));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const settings = { http_proxy: `http://us%40er:p%3Aw@127.0.0.1:${port}` };
    should(await fetched('http://keys.test:81/', { proxy: settings })).eql(SET);
    const { host, authorization } = headers;
    should(host).equal('keys.test:81');
    should(authorization).equal(undefined);
    should(headers['proxy-authorization']).equal(`Basic ${Buffer.from('us@er:p:w').toString('base64')}`);
    should(headers['user-agent']).match(/^node-red-contrib-websocket-plus\//);
    server.close();
    await once(server, 'close');
  });

  it('hands its TLS options to no proxy', async () => {
    const server = await TlsKeyServer.start(authority.issue('proxy', ['127.0.0.1']), SET.keys);
    // the same authority: it must not count
    const http_proxy = server.uri().replace('/jwks.json', '');
    should(await fetched('http://keys.test/', { tls, proxy: { http_proxy } })).equal('jwks-certificate');
    should(server.fetches).equal(0);
    await server.stop();
  });

  it('says to the proxy, too, who asks', async () => {
    let agent: string | undefined;
    const server = createServer().listen(0, '127.0.0.1');
    server.on('connect', (request, socket) => {
      agent = request.headers['user-agent'];
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    await once(server, 'listening');
    const https_proxy = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    should(await fetched('https://keys.test/', { proxy: { https_proxy } })).equal('jwks-proxy');
    should(agent).match(/^node-red-contrib-websocket-plus\//);
    server.close();
    await once(server, 'close');
  });

  it('says that the proxy refused, not the server', async () => {
    for (const status of [403, 407, 502]) {
      proxy.behaviour = status;
      const settings = { https_proxy: proxy.url };
      should(await fetched(secure.uri(), { tls, proxy: settings })).equal('jwks-proxy');
    }
    plain.answer = JwksServer.status(407);
    const http_proxy = plain.uri;
    should(await fetched('http://keys.test/', { proxy: { http_proxy } })).equal('jwks-proxy');
    plain.answer = JwksServer.keys(SET.keys);
    should(secure.fetches).equal(0);
  });

  it('fails where the proxy is not there, hangs or is no proxy at all', async () => {
    proxy.behaviour = 'hang';
    should(await fetched(secure.uri(), { tls, proxy: { https_proxy: proxy.url } }, 100)).equal(
      'jwks-timeout',
    );
    const invalid = { https_proxy: 'socks5://127.0.0.1:1' };
    should(await fetched(secure.uri(), { tls, proxy: invalid })).equal('jwks-proxy-invalid');
    const nobody = proxy.url;
    await proxy.stop();
    should(await fetched(secure.uri(), { tls, proxy: { https_proxy: nobody } })).equal('jwks-unreachable');
    should(secure.fetches).equal(0);
  });

  it('has TLS options reach the server: an authority, a name to expect, a certificate to show', async () => {
    const demanding = await TlsKeyServer.start(
      { ...authority.issue('keys', ['keys.test']), ...tls, requestCert: true, rejectUnauthorized: true },
      SET.keys,
    );
    try {
      const { cert, key } = authority.issue('me');
      const route = { tls: { ...tls, cert, key, servername: 'keys.test' } };
      should(await fetched(demanding.uri(), route)).eql(SET);
      const proxied = { ...route, proxy: { https_proxy: proxy.url } };
      should(await fetched(demanding.uri(), proxied)).eql(SET);
      should(await fetched(demanding.uri(), { tls: { ...tls, servername: 'keys.test' } })).not.eql(SET);
      should(await fetched(demanding.uri(), { tls: { ...tls, cert, key } })).not.eql(SET);
      should(demanding.fetches).equal(2);
    } finally {
      await demanding.stop();
    }
  });

  it('trusts what NODE_EXTRA_CA_CERTS names, directly and through a proxy', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'extra-ca-'));
    const file = join(folder, 'ca.pem');
    writeFileSync(file, authority.cert);
    const script = `
      const { fetchJwks } = require(${JSON.stringify(require.resolve('../../../src/keys/jwks-fetch.js'))});
      fetchJwks(${JSON.stringify(secure.uri())}, 4000, new AbortController().signal)
        .then((set) => console.log(JSON.stringify(set)), (error) => console.log(error.code));`;
    const run = async (variables: Record<string, string>) => {
      const env = { ...process.env, ...variables };
      return (await promisify(execFile)(process.execPath, ['-e', script], { env })).stdout.trim();
    };
    try {
      should(await run({ NODE_EXTRA_CA_CERTS: file })).equal(JSON.stringify(SET));
      should(await run({ NODE_EXTRA_CA_CERTS: file, https_proxy: proxy.url })).equal(JSON.stringify(SET));
      should(proxy.log.length).equal(1);
      should(await run({ NODE_EXTRA_CA_CERTS: '' })).equal('jwks-certificate');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('src/keys/key-request: through tinyproxy', () => {
  const authority = new Authority();
  let proxy: Tinyproxy | undefined;
  before(async function () {
    proxy = await Tinyproxy.start('user', 'right');
    if (proxy !== undefined) return;
    console.log('    skipped: tinyproxy is not installed');
    this.skip();
  });
  after(() => proxy?.stop());

  it('fetches http: and https: with credentials, and is refused without', async () => {
    const plain = await JwksServer.start(SET.keys);
    const secure = await TlsKeyServer.start(authority.issue('keys', ['127.0.0.1']), SET.keys);
    const through = (credentials: string) => {
      const address = `http://${credentials}127.0.0.1:${proxy?.port}`;
      return { tls: { ca: authority.cert }, proxy: { http_proxy: address, https_proxy: address } };
    };
    try {
      for (const uri of [plain.uri, secure.uri()]) {
        should(await fetched(uri, through(''))).equal('jwks-proxy');
        should(await fetched(uri, through('user:wrong@'))).not.eql(SET);
        should(await fetched(uri, through('user:right@'))).eql(SET);
      }
      should([plain.fetches, secure.fetches]).eql([1, 1]);
      await proxy?.logged(`CONNECT 127.0.0.1:${secure.port} HTTP/1.1`);
      await proxy?.logged(`GET ${plain.uri} HTTP/1.1`);
    } finally {
      await plain.stop();
      await secure.stop();
    }
  });
});
