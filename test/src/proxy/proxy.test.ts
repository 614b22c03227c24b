import { getProxyForUrl } from 'proxy-from-env';
import should from 'should';
import { isExempt } from '../../../src/proxy/no-proxy.js';
import { type ProxySettings, proxyFor } from '../../../src/proxy/proxy.js';
import { createProxyAgent } from '../../../src/proxy/proxy-agent.js';
import { setEnvironment } from '../../support/core/environment.js';

const WS = 'ws://example.com/path?token=secret';
const WSS = 'wss://example.com/path?token=secret';

describe('src/proxy/proxy', () => {
  let restore = () => {};
  afterEach(() => restore());

  function environment(variables: Record<string, string> = {}): void {
    restore();
    restore = setEnvironment(variables);
  }
  function found(url: string, settings: ProxySettings = {}): string | undefined {
    return proxyFor(url, settings)?.href;
  }

  it('finds none where none is named', () => {
    environment();
    should(found(WS)).equal(undefined);
    should(found(WSS)).equal(undefined);
    should(found(WSS, { https_proxy: '', http_proxy: null, no_proxy: [] })).equal(undefined);
  });

  it("gives ws: the http proxy and wss: the https proxy, never the other's", () => {
    environment();
    const http = { http_proxy: 'http://a:1' };
    const https = { https_proxy: 'http://b:2' };
    should(found(WS, http)).equal('http://a:1/');
    should(found(WSS, http)).equal(undefined);
    should(found(WS, https)).equal(undefined);
    should(found(WSS, https)).equal('http://b:2/');
    should(found(WS.toUpperCase(), http)).equal('http://a:1/');
  });

  it('does the same with the environment, in lower and upper case', () => {
    environment({ http_proxy: 'http://a:1' });
    should(found(WS)).equal('http://a:1/');
    should(found(WSS)).equal(undefined);
    environment({ HTTPS_PROXY: 'http://b:2' });
    should(found(WS)).equal(undefined);
    should(found(WSS)).equal('http://b:2/');
    environment({ ws_proxy: 'http://c:3', wss_proxy: 'http://c:3' });
    should(found(WS)).equal(undefined);
    should(found(WSS)).equal(undefined);
  });

  it('prefers settings to the environment, each value on its own', () => {
    environment({ http_proxy: 'http://env:1', https_proxy: 'http://env:2', no_proxy: 'other.example' });
    const settings = { https_proxy: 'http://settings:3' };
    should(found(WSS, settings)).equal('http://settings:3/');
    should(found(WS, settings)).equal('http://env:1/');
    should(found('wss://other.example', settings)).equal(undefined);
    should(found('wss://other.example', { ...settings, no_proxy: 'example.com' })).equal(
      'http://settings:3/',
    );
    should(found('ws://other.example', { no_proxy: 'example.com' })).equal('http://env:1/');
    should(found(WS, { no_proxy: 'example.com' })).equal(undefined);
    should(found(WSS, { ...settings, no_proxy: ['x.example', 'example.com'] })).equal(undefined);
  });

  it('keeps the credentials of a proxy', () => {
    environment({ https_proxy: 'http://us%40er:p%3Aw@proxy.example:3128' });
    const proxy = proxyFor(WSS, {});
    should(proxy?.username).equal('us%40er');
    should(proxy?.password).equal('p%3Aw');
  });

  it('takes a proxy without a scheme for an http one', () => {
    environment({ https_proxy: 'proxy.example:3128', http_proxy: 'user:pw@proxy.example:3128' });
    should(found(WSS)).equal('http://proxy.example:3128/');
    should(found(WS)).equal('http://user:pw@proxy.example:3128/');
  });

  it('refuses what is not an http proxy, without quoting it', () => {
    environment({ all_proxy: 'socks5://user:secret@proxy.example:1080' });
    for (const settings of [{}, { https_proxy: 'http://user:secret@:x' }, { https_proxy: 'ftp://secret' }]) {
      should(() => proxyFor(WSS, settings)).throw({ code: 'proxy-invalid', message: 'proxy-invalid' });
    }
  });

  it('keeps credentials out of what the agent writes to the debug log', async () => {
    const proxy = new URL('http://user:secret@proxy.example');
    const agent = await createProxyAgent(proxy, true, AbortSignal.abort());
    should((agent as unknown as { proxy: URL }).proxy.href).equal('http://proxy.example/');
    should(proxy.password).equal('secret');
  });

  describe('exemptions', () => {
    const cases: [list: string, url: string, exempt: boolean][] = [
      ['', 'http://example.com', false],
      ['*', 'http://example.com', true],
      ['example.com', 'http://example.com', true],
      ['EXAMPLE.com', 'https://Example.COM', true],
      ['example.com', 'http://www.example.com', false],
      ['example.com', 'http://notexample.com', false],
      ['.example.com', 'http://www.example.com', true],
      ['.example.com', 'http://example.com', false],
      ['*.example.com', 'http://a.b.example.com', true],
      ['*example.com', 'http://notexample.com', true],
      ['a.example, b.example c.example', 'http://b.example', true],
      ['a.example,,\tb.example', 'http://c.example', false],
      ['a.example *', 'http://c.example', true],
      ['example.com:80', 'http://example.com', true],
      ['example.com:443', 'http://example.com', false],
      ['example.com:443', 'https://example.com', true],
      ['example.com:8443', 'https://example.com:8443', true],
      ['.example.com:8443', 'https://www.example.com', false],
      ['127.0.0.1', 'http://127.0.0.1:1880', true],
      ['127.0.0.1:1880', 'http://127.0.0.1:1880', true],
      ['[::1]', 'http://[::1]:1880', true],
      ['[::1]:1881', 'http://[::1]:1880', false],
      ['[::1]:1880', 'http://[::1]:1880', true],
    ];
    for (const [list, url, exempt] of cases) {
      it(`${exempt ? 'exempts' : 'does not exempt'} ${url} by "${list}", wherever the list stands`, () => {
        environment({ http_proxy: 'http://p:1', https_proxy: 'http://p:1', no_proxy: list });
        should(getProxyForUrl(url) === '').equal(exempt); // the package whose rules these are
        const target = url.replace(/^http/, 'ws');
        should(found(target) === undefined).equal(exempt);
        should(isExempt(new URL(url), list)).equal(exempt);
        environment({ NO_PROXY: list });
        const settings = { http_proxy: 'http://p:1', https_proxy: 'http://p:1' };
        should(found(target, settings) === undefined).equal(exempt);
        environment();
        should(found(target, { ...settings, no_proxy: list }) === undefined).equal(exempt);
        const entries = list.split(/[,\s]+/);
        should(found(target, { ...settings, no_proxy: entries }) === undefined).equal(exempt);
      });
    }
  });
});
