import should from 'should';
import { parseClientOptions } from '../../../src/config/client-options.js';
import type { RawProperties } from '../../../src/config/schema.js';

const URL_ = 'wss://example.com/ws';
const NONE = { path: URL_, authMode: 'none' };

describe('src/config/client-options', () => {
  function refusal(raw: RawProperties, jwt?: unknown, environment?: (name: string) => unknown): unknown {
    try {
      parseClientOptions(raw, { jwt }, environment);
    } catch (error) {
      should((error as Error).name).equal('ConfigurationError');
      should((error as Error).message).equal((error as { code?: unknown }).code);
      return (error as { code?: unknown }).code;
    }
    return undefined;
  }
  function header(entry: Record<string, unknown>) {
    return { ...NONE, headers: [entry] };
  }

  it('asks for a token where nothing is said of authentication', () => {
    should(refusal({ path: URL_ })).equal('jwt-missing');
    should(refusal({ path: URL_ }, '')).equal('jwt-missing');
    should(refusal({ path: URL_ }, ' \n')).equal('jwt-missing');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what Node-RED leaves of a variable that is not set
    should(refusal({ path: URL_ }, '${TOKEN}')).equal('jwt-missing');
    should(parseClientOptions({ path: URL_ }, { jwt: 'a.b.c' })).eql({
      address: { kind: 'url', url: URL_ },
      token: { kind: 'fixed', token: 'a.b.c' },
      placement: 'query',
      takesOver: false,
      wholeMessage: false,
      subprotocols: [],
      headers: {},
      waiting: { kind: 'refused' },
      reconnects: true,
      maxBackoffMs: 30_000,
      handshakeTimeoutMs: 10_000,
      maxPayload: 16777216,
    });
  });

  it('refuses a URL that is missing or no WebSocket URL', () => {
    for (const path of [undefined, '', '  ']) should(refusal({ ...NONE, path })).equal('url-missing');
    for (const path of [
      'example.com',
      '/ws',
      'http://example.com',
      'https://example.com',
      'ws+unix:/socket',
      'wss://',
      'wss://example.com/#fragment',
      'ws://exa mple.com',
      'ws://example.com:99999',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: what Node-RED leaves of a variable that is not set
      '${SERVER}',
      {},
    ]) {
      should(refusal({ ...NONE, path })).equal('url-invalid', String(path));
    }
  });

  it('refuses an authentication mode that it does not know', () => {
    should(refusal({ path: URL_, authMode: 'basic' }, 'a.b.c')).equal('auth-unknown');
  });

  it('refuses a URL with a token of its own, however it is spelt, in mode jwt only', () => {
    for (const query of ['token=x', 'a=1&token', 'token=', '%74oken=x', 'a&to%6Ben=1']) {
      should(refusal({ path: `${URL_}?${query}` }, 'a.b.c')).equal('url-has-token', query);
      const { address } = parseClientOptions({ ...NONE, path: `${URL_}?${query}` }, {});
      should(address).eql({ kind: 'url', url: `${URL_}?${query}` });
    }
    should(refusal({ path: `${URL_}?Token=x&tokens=y` }, 'a.b.c')).equal(undefined);
  });

  it('tells the URL as a server is asked for it, without a # that has nothing behind it', () => {
    const url = (path: string) => parseClientOptions({ ...NONE, path }, {}).address;
    should(url('ws://h')).eql({ kind: 'url', url: 'ws://h/' });
    should(url(' ws://h/x ')).eql({ kind: 'url', url: 'ws://h/x' });
    should(url('ws://h/x#')).eql({ kind: 'url', url: 'ws://h/x' });
    should(url('WSS://H/x?A')).eql({ kind: 'url', url: 'wss://h/x?A' });
  });

  it('uses no token in mode none', () => {
    should(parseClientOptions(NONE, { jwt: 'a.b.c' }).token).eql({ kind: 'none' });
  });

  it('reads the heartbeat in seconds; nothing and zero are none', () => {
    const heartbeat = (hb: unknown) => parseClientOptions({ ...NONE, hb }, {}).heartbeatMs;
    for (const hb of [undefined, '', '0', 0]) should(heartbeat(hb)).equal(undefined);
    should(heartbeat('30')).equal(30_000);
    should(heartbeat(0.5)).equal(500);
    should(heartbeat('1e9')).equal(2 ** 31 - 1);
    for (const hb of ['-1', 'often', 'Infinity', {}]) should(refusal({ ...NONE, hb })).equal('heartbeat');
  });

  it('reads subprotocols, and refuses what cannot be offered', () => {
    const names = (subprotocol: unknown) => parseClientOptions({ ...NONE, subprotocol }, {}).subprotocols;
    should(names(undefined)).eql([]);
    should(names('')).eql([]);
    should(names('mqtt, v2.chat ,')).eql(['mqtt', 'v2.chat']);
    for (const subprotocol of ['two words', 'a,a', 'a;b', 'é', 'a\r\nX: y', ['a']]) {
      should(refusal({ ...NONE, subprotocol })).equal('subprotocol', String(subprotocol));
    }
  });

  it("reads headers as Node-RED's own client does", () => {
    const environment = (name: string) => ({ KEY: 'from the environment', NUMBER: 7 })[name] ?? '';
    const headers = [
      { keyType: 'other', keyValue: 'X-Fixed', valueType: 'other', valueValue: 'a value' },
      { keyType: 'Authorization', keyValue: '', valueType: 'env', valueValue: 'KEY' },
      { keyType: 'User-Agent', keyValue: '', valueType: 'Mozilla/5.0', valueValue: '' },
      { keyType: 'other', keyValue: 'X-Number', valueType: 'env', valueValue: 'NUMBER' },
      { keyType: 'other', keyValue: 'X-Unset', valueType: 'env', valueValue: 'UNSET' },
      { keyType: 'other', keyValue: '', valueType: 'other', valueValue: 'no name' },
      { keyType: 'other', keyValue: '__proto__', valueType: 'other', valueValue: 'own' },
    ];
    const parsed = parseClientOptions({ ...NONE, headers }, {}, environment).headers;
    should(Object.entries(parsed)).eql([
      ['X-Fixed', 'a value'],
      ['Authorization', 'from the environment'],
      ['User-Agent', 'Mozilla/5.0'],
      ['X-Number', '7'],
      ['__proto__', 'own'],
    ]);
    should(parseClientOptions({ ...NONE, headers: [] }, {}).headers).eql({});
  });

  it('joins headers of one name into the list they are, in whatever letters, and in their order', () => {
    const read = (...pairs: [name: string, value: string][]) => {
      const headers = pairs.map(([keyType, valueType]) => ({ keyType, valueType }));
      return parseClientOptions({ ...NONE, headers }, {}).headers;
    };
    should(read(['Cookie', 'a=1'], ['X-Between', '-'], ['cookie', 'b=2'], ['COOKIE', 'c=3'])).eql({
      Cookie: 'a=1; b=2; c=3',
      'X-Between': '-',
    });
    should(read(['x-list', 'b, c'], ['X-List', 'a'], ['X-LIST', 'a'])).eql({ 'x-list': 'b, c, a, a' });
    should(read(['Accept-Language', 'de'], ['Accept-Language', 'en;q=0.5'])).eql({
      'Accept-Language': 'de, en;q=0.5',
    });
    should(read(['X-List', 'a'], ['X-List', ''])).eql({ 'X-List': 'a' });
    should(Object.entries(read(['__proto__', 'a'], ['__PROTO__', 'b']))).eql([['__proto__', 'a, b']]);
  });

  it('takes the last of headers that are no list', () => {
    for (const name of ['Authorization', 'Host', 'Origin', 'User-Agent', 'Referer']) {
      const headers = [
        { keyType: name, valueType: 'first' },
        { keyType: name.toLowerCase(), valueType: 'last' },
      ];
      should(parseClientOptions({ ...NONE, headers }, {}).headers).eql({ [name]: 'last' });
    }
  });

  it('refuses a header that would break the handshake', () => {
    for (const keyValue of ['two words', 'X:', 'é', 'X\r\nInjected', 'X\u0000', '"quoted"']) {
      const entry = { keyType: 'other', keyValue, valueType: 'other', valueValue: 'v' };
      should(refusal(header(entry))).equal('headers', keyValue);
    }
    for (const valueValue of ['a\r\nInjected: b', 'a\nb', '\u0000', '✓', 'x\u007f', {}]) {
      const entry = { keyType: 'other', keyValue: 'X-Name', valueType: 'other', valueValue };
      should(refusal(header(entry))).equal('headers', String(valueValue));
      const fromEnvironment = { ...entry, valueType: 'env', valueValue: 'NAME' };
      should(refusal(header(fromEnvironment), undefined, () => valueValue)).equal('headers');
    }
    for (const name of [
      'Content-Length',
      'transfer-encoding',
      'Trailer',
      'Expect',
      'Sec-WebSocket-Extensions',
    ]) {
      const entry = { keyType: name, keyValue: '', valueType: 'other', valueValue: '1' };
      should(refusal(header(entry))).equal('headers', name);
    }
    for (const headers of ['X: y', {}, [{ keyType: {}, valueType: 'x' }]]) {
      should(refusal({ ...NONE, headers })).equal('headers');
    }
    should(refusal({ ...NONE, headers: [null, {}] })).equal(undefined);
  });
});
