import fc from 'fast-check';
import should from 'should';
import { findToken } from '../../src/handshake/token-sources/find-token.js';
import { upgradeRequest } from '../support/core/raw-client.js';
import { SocketClient } from '../support/core/socket-client.js';
import { token } from '../support/core/tokens.js';
import { attack } from '../support/hostile/target.js';

const JWT = token();
const OTHER = token({ sub: 'bob', tenant_id: 'other' });
const ALL = { tokenSources: ['query', 'header', 'protocol', 'cookie'], origins: 'same, none' };

/** What a request has beside its target, and what it is answered. */
type Row = [what: string, target: string, headers: Record<string, string>, answer: string];

const TOKENS: Row[] = [
  ['a token in a header', '/ws', { Authorization: `Bearer ${JWT}` }, '101'],
  ['a token in a cookie', '/ws', { Cookie: `a=b; token=${JWT}` }, '101'],
  ['a token as a subprotocol', '/ws', { 'Sec-WebSocket-Protocol': `app, bearer.${JWT}` }, '101'],
  [
    'nothing but a token as a subprotocol',
    '/ws',
    { 'Sec-WebSocket-Protocol': `bearer.${JWT}` },
    '400 protocol_missing',
  ],
  [
    'two tokens in two sources',
    `/ws?token=${JWT}`,
    { Authorization: `Bearer ${OTHER}` },
    '401 token_invalid',
  ],
  ['the same token in two sources', `/ws?token=${JWT}`, { Cookie: `token=${JWT}` }, '401 token_invalid'],
  ['a good cookie beside an empty parameter', '/ws?token=', { Cookie: `token=${JWT}` }, '401 token_invalid'],
  ['a password beside the token', `/ws?token=${JWT}`, { Authorization: 'Basic ZXZpbDpw' }, '101'],
  ['a password alone', '/ws', { Authorization: 'Basic ZXZpbDpw' }, '401 token_missing'],
  ['a header that names no scheme', '/ws', { Authorization: JWT }, '401 token_missing'],
  ['a cookie with a token in its name', '/ws', { Cookie: `${JWT}=token` }, '401 token_missing'],
  [
    'two Authorization headers',
    '/ws',
    { Authorization: `Bearer ${JWT}\r\nAuthorization: Bearer ${OTHER}` },
    '401 token_invalid',
  ],
];

const ORIGINS: Row[] = [
  ['a page of the same host', '/ws', { Origin: 'http://localhost' }, '101'],
  [
    'a page of the same host, its port spelt out',
    '/ws',
    { Host: 'localhost:80', Origin: 'http://localhost' },
    '101',
  ],
  ['a page of another port', '/ws', { Origin: 'http://localhost:8080' }, '403 origin_forbidden'],
  ['a page of nowhere', '/ws', { Origin: 'null' }, '403 origin_forbidden'],
  ['a page of a subdomain', '/ws', { Origin: 'https://a.b.example.com' }, '101'],
  ['a page of the domain itself', '/ws', { Origin: 'https://example.com' }, '403 origin_forbidden'],
  [
    'a page of a domain that ends alike',
    '/ws',
    { Origin: 'https://evilexample.com' },
    '403 origin_forbidden',
  ],
  [
    'an origin with a path that ends alike',
    '/ws',
    { Origin: 'https://evil.test/.example.com' },
    '403 origin_forbidden',
  ],
  [
    'an origin with a user that ends alike',
    '/ws',
    { Origin: 'https://evil@a.example.com' },
    '403 origin_forbidden',
  ],
  ['no origin', '/ws', {}, '403 origin_forbidden'],
  [
    'an origin in a header of drafts',
    '/ws',
    { 'Sec-WebSocket-Origin': 'http://localhost' },
    '403 origin_forbidden',
  ],
  [
    'a draft and its header',
    '/ws',
    { 'Sec-WebSocket-Version': '8', 'Sec-WebSocket-Origin': 'http://localhost' },
    '101',
  ],
  [
    'a draft with another Origin',
    '/ws',
    { 'Sec-WebSocket-Version': '8', 'Sec-WebSocket-Origin': 'http://localhost', Origin: 'http://evil.test' },
    '403 origin_forbidden',
  ],
  [
    'a forged X-Forwarded-Host',
    '/ws',
    { 'X-Forwarded-Host': 'evil.test', Origin: 'http://evil.test' },
    '403 origin_forbidden',
  ],
];

describe('hostile: where a token is', () => {
  for (const [what, target, headers, answer] of TOKENS) {
    it(`${what}: ${answer}`, () =>
      attack({ properties: ALL }, async (listener) => {
        should(await listener.answerTo(upgradeRequest(target, headers))).equal(answer);
      }));
  }

  it('a source that is off is not looked at, and its token not echoed', () =>
    attack({}, async (target) => {
      const offer = { 'Sec-WebSocket-Protocol': `bearer.${OTHER}, app, bearer.evil` };
      for (const headers of [offer, { Authorization: `Bearer ${OTHER}` }, { Cookie: `token=${OTHER}` }]) {
        should(await target.answerTo(upgradeRequest('/ws', headers as Record<string, string>))).equal(
          '401 token_missing',
        );
      }
      const url = target.listener.url(JWT);
      const peer = await SocketClient.open(url, {}, [`bearer.${OTHER}`, 'app']);
      should(peer.socket.protocol).equal('app');
      const { _session } = await target.listener.messageFrom(peer);
      should(JSON.stringify(_session)).not.containEql('bearer');
      await peer.close();
    }));

  it('exactly the enabled places decide, whatever stands where', () => {
    const sources = ['query', 'header', 'protocol', 'cookie'] as const;
    const jwt = fc.stringMatching(/^[\w-]{1,8}\.[\w-]{1,8}\.[\w-]{1,8}$/);
    const places = fc.record({
      query: fc.array(jwt),
      header: fc.array(jwt),
      protocol: fc.array(jwt),
      cookie: fc.array(jwt),
    });
    fc.assert(
      fc.property(fc.subarray([...sources]), places, (tokenSources, stand) => {
        const request = {
          url: `/ws?${stand.query.map((one) => `token=${one}`).join('&')}`,
          headersDistinct: {
            authorization: stand.header.map((one) => `Bearer ${one}`),
            'sec-websocket-protocol': [['app', ...stand.protocol.map((one) => `bearer.${one}`)].join(', ')],
            cookie: [stand.cookie.map((one) => `token=${one}`).join('; ')],
          },
        };
        const counted = tokenSources.flatMap((source) => stand[source]);
        const find = () =>
          findToken(request, { tokenSources, tokenHeader: 'Authorization', tokenCookie: 'token' });
        if (counted.length > 1) should(find).throw({ code: 'token_invalid' });
        else should(find()).equal(counted[0]);
      }),
    );
  });
});

describe('hostile: from which page', () => {
  const properties = { jwtValidation: 'none', origins: 'same https://*.example.com' };
  for (const [what, target, headers, answer] of ORIGINS) {
    it(`${what}: ${answer}`, () =>
      attack({ properties, bystander: null }, async (listener) => {
        should(await listener.answerTo(upgradeRequest(target, headers))).equal(answer);
      }));
  }

  it('a page that may not connect is refused before its token is looked at', () =>
    attack({ properties: { origins: 'https://app.example.com, none' } }, async (target) => {
      const request = upgradeRequest('/ws?token=evil', { Origin: 'https://evil.test' });
      should(await target.answerTo(request)).equal('403 origin_forbidden');
    }));

  const FORWARDED: [number, string, string][] = [
    [0, '192.0.2.1', '127.0.0.1'],
    [1, '203.0.113.9, 192.0.2.1', '192.0.2.1'],
    [1, '203.0.113.9, [2001:db8::1]:443', '2001:db8::1'],
    [1, '192.0.2.1:8080', '192.0.2.1'],
    [1, 'evil\tline', '127.0.0.1'],
    [1, '', '127.0.0.1'],
    [2, '203.0.113.9, 192.0.2.1, 198.51.100.7', '192.0.2.1'],
    [2, '192.0.2.1', '127.0.0.1'],
  ];
  for (const [trustProxy, header, address] of FORWARDED) {
    it(`behind ${trustProxy} proxies "X-Forwarded-For: ${header}" makes the peer ${address}`, () =>
      attack({ trustProxy }, async (target) => {
        const refused = target.listener.next('refused');
        await target.answerTo(upgradeRequest('/ws', { 'X-Forwarded-For': header }));
        should((await refused).address).equal(address);
      }));
  }

  it('behind a proxy the host is the one that it names', () =>
    attack({ properties, bystander: null, trustProxy: 1 }, async (target) => {
      const forwarded = { Host: 'inside:1880', 'X-Forwarded-Host': 'evil.test, app.test' };
      const answers = ['http://app.test', 'http://evil.test', 'http://inside:1880'].map((Origin) =>
        target.answerTo(upgradeRequest('/ws', { ...forwarded, Origin })),
      );
      should(await Promise.all(answers)).eql(['101', '403 origin_forbidden', '403 origin_forbidden']);
    }));
});
