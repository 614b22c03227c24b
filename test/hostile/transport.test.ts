import should from 'should';
import { upgradeRequest } from '../support/core/raw-client.js';
import { token } from '../support/core/tokens.js';
import { attack } from '../support/hostile/target.js';

const JWT = token();
const OTHER = token({ tenant_id: 'other' });

/** An upgrade request with a valid token and these header fields. */
function withHeaders(headers: Record<string, string>): string {
  return upgradeRequest(`/ws?token=${JWT}`, headers);
}

/** A valid request, changed as text. */
function changed(from: string | RegExp, to: string): string {
  return withHeaders({}).replace(from, to);
}

/**
 * What is sent, and what it is answered: `401 code`, `101`, or 404 where it is left to the server's other handlers.
 * Where there are two, versions of Node's parser differ.
 */
const ROWS: [string, string, string][] = [
  ['a target of two slashes', upgradeRequest('//'), '404'],
  ['two slashes and a token', upgradeRequest(`//?token=${JWT}`), '404'],
  ['two slashes before our path', upgradeRequest(`//ws?token=${JWT}`), '404'],
  ['a scheme without a host', upgradeRequest('http://'), '404 or 400'],
  ['an asterisk', upgradeRequest('*'), '404'],
  ['an authority alone', upgradeRequest('evil.host:80'), '400'],
  ['absolute form with a token', upgradeRequest(`http://evil.host/ws?token=${JWT}`), '101'],
  ['absolute form without one', upgradeRequest('http://evil.host/ws'), '401 token_missing'],
  ['absolute form in capitals', upgradeRequest(`HTTP://EVIL.HOST/ws?token=${JWT}`), '101'],
  ['absolute form with a user', upgradeRequest(`http://evil:pw@evil.host/ws?token=${JWT}`), '101'],
  ['absolute form of another path', upgradeRequest(`http://evil.host/evil?token=${JWT}`), '404'],
  ['absolute form with our path in its query', upgradeRequest(`http://evil.host?/ws?token=${JWT}`), '404'],
  ['a path that leads to ours by dots', upgradeRequest(`/evil/../ws?token=${JWT}`), '404'],
  ['our path, percent-encoded', upgradeRequest(`/%77s?token=${JWT}`), '404'],
  ['our path and a slash', upgradeRequest(`/ws/?token=${JWT}`), '404'],
  ['our path in capitals', upgradeRequest(`/WS?token=${JWT}`), '404'],
  ['our path with parameters', upgradeRequest(`/ws;evil=1?token=${JWT}`), '404'],
  ['a backslash', upgradeRequest(`\\ws?token=${JWT}`), '400'],
  ['CR LF in the target', upgradeRequest('/ws?token=x\r\nX-Evil: 1'), '401 token_invalid or 400'],
  ['NUL in the target', upgradeRequest('/ws?token=\0'), '400'],
  ['bytes past ASCII in the target', upgradeRequest('/ws?token=\u00ff'), '400 or 401 token_invalid'],
  ['CR LF in the token, percent-encoded', upgradeRequest('/ws?token=%0d%0aX-Evil:%201'), '401 token_invalid'],
  ['a fragment that holds the token', upgradeRequest(`/ws#?token=evil`), '401 token_invalid'],
  ['a fragment after the token', upgradeRequest(`/ws?token=${JWT}#evil`), '401 token_invalid'],
  ['the same token twice', upgradeRequest(`/ws?token=${JWT}&token=${JWT}`), '401 token_invalid'],
  ['a good token and a bad one', upgradeRequest(`/ws?token=${JWT}&token=evil`), '401 token_invalid'],
  ['a bad token and a good one', upgradeRequest(`/ws?token=evil&token=${JWT}`), '401 token_invalid'],
  ['tokens of two tenants', upgradeRequest(`/ws?token=${JWT}&token=${OTHER}`), '401 token_invalid'],
  ['an empty token and a good one', upgradeRequest(`/ws?token=&token=${JWT}`), '401 token_invalid'],
  ['two tokens, one name encoded', upgradeRequest(`/ws?tok%65n=evil&token=${JWT}`), '401 token_invalid'],
  ['a thousand tokens', upgradeRequest(`/ws?${'token=e&'.repeat(1000)}`), '401 token_invalid'],
  ['no query', upgradeRequest('/ws'), '401 token_missing'],
  ['an empty token', upgradeRequest('/ws?token='), '401 token_missing'],
  ['a token in capitals', upgradeRequest(`/ws?TOKEN=${JWT}`), '401 token_missing'],
  ['a token in a list', upgradeRequest(`/ws?token[]=${JWT}`), '401 token_missing'],
  [
    'a token in the Authorization field',
    upgradeRequest('/ws', { Authorization: `Bearer ${JWT}` }),
    '401 token_missing',
  ],
  ['a token in a cookie', upgradeRequest('/ws', { Cookie: `token=${JWT}` }), '401 token_missing'],
  [
    'a token for a subprotocol',
    upgradeRequest('/ws', { 'Sec-WebSocket-Protocol': `evil, ${JWT}` }),
    '401 token_missing',
  ],
  ['broken percent-encoding beside the token', upgradeRequest(`/ws?a=%zz&token=${JWT}&b=%`), '101'],
  ['two thousand other parameters', upgradeRequest(`/ws?${'evil&'.repeat(2000)}token=${JWT}`), '101'],
  ['a token over 8 KiB', upgradeRequest(`/ws?token=${JWT}${'A'.repeat(8192)}`), '401 token_invalid'],
  ['a request head over 16 KiB', upgradeRequest(`/ws?token=${'A'.repeat(17_000)}`), '431'],
  ['POST', changed('GET', 'POST'), '405'],
  ['CONNECT', changed(/^GET \S+/, 'CONNECT evil.host:443'), 'closed'],
  ['HTTP/0.9', 'GET /ws\r\n\r\n', '404 or 400'],
  ['HTTP/2 in clear', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '400'],
  ['TLS', '\x16\x03\x01\x00\x05evil!', '400'],
  ['no upgrade at all', changed('Connection: Upgrade', 'Connection: close'), '404'],
  ['an upgrade to something else', withHeaders({ Upgrade: 'h2c' }), '400'],
  [
    'an upgrade to something else, without a token',
    upgradeRequest('/ws', { Upgrade: 'evil' }),
    '401 token_missing',
  ],
  ['an upgrade to one of several', withHeaders({ Upgrade: 'websocket, evil' }), '400'],
  ['another version of WebSocket', withHeaders({ 'Sec-WebSocket-Version': '12' }), '400'],
  ['no key', changed(/Sec-WebSocket-Key: .*\r\n/, ''), '400'],
  ['a key that is too short', withHeaders({ 'Sec-WebSocket-Key': 'ZXZpbA==' }), '400'],
  ['two keys', changed(/(Sec-WebSocket-Key: .*\r\n)/, '$1$1'), '400'],
  ['a subprotocol that is not a name', withHeaders({ 'Sec-WebSocket-Protocol': 'e(v)il' }), '400'],
  ['the same subprotocol twice', withHeaders({ 'Sec-WebSocket-Protocol': 'evil, evil' }), '400'],
  [
    'an offer of compression that is none',
    withHeaders({ 'Sec-WebSocket-Extensions': 'permessage-deflate; evil="' }),
    '101',
  ],
  ['a field name with a space', changed('Host: ', 'Evil Host: '), '400'],
  ['a folded field', changed('Host: localhost', 'Host: local\r\n evil'), '400'],
  ['NUL in a field', changed('localhost', 'evil\0'), '400'],
  ['a length and chunks', withHeaders({ 'Content-Length': '4', 'Transfer-Encoding': 'chunked' }), '400'],
  ['two lengths', changed('Host: ', 'Content-Length: 4\r\nContent-Length: 5\r\nHost: '), '400'],
];

describe('hostile: transport and request line', () => {
  for (const [what, request, answer] of ROWS) {
    it(`answers ${answer} to ${what}`, () =>
      attack({}, async (target) => {
        should(answer.split(' or ')).containEql(await target.answerTo(Buffer.from(request, 'latin1')));
      }));
  }
});
