import should from 'should';
import type { TokenPlaces } from '../../../../src/config/token-sources.js';
import { findToken } from '../../../../src/handshake/token-sources/find-token.js';
import { DEFAULT_MAX_TOKEN_BYTES, formProblem, refusedForm } from '../../../../src/token/form.js';
import { token } from '../../../support/core/tokens.js';

const QUERY: TokenPlaces = { tokenSources: ['query'], tokenHeader: 'Authorization', tokenCookie: 'token' };

/** The token of a request target, as far as its form goes. */
function readToken(url: string): string {
  const found = findToken({ url, headersDistinct: {} }, QUERY) ?? '';
  const problem = formProblem(found, DEFAULT_MAX_TOKEN_BYTES);
  if (problem !== undefined) throw refusedForm(problem);
  return found;
}

function codeOf(target: string): string {
  try {
    readToken(target);
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'accepted';
}

describe('src/handshake/token-sources, src/token/form', () => {
  const jwt = token();

  it('takes the token wherever it stands in the query', () => {
    readToken(`/ws?token=${jwt}`).should.equal(jwt);
    readToken(`/ws?a=1&token=${jwt}&b=2`).should.equal(jwt);
    readToken(`/ws?a=%zz&token=${jwt}`).should.equal(jwt);
    readToken(`//?token=${jwt}`).should.equal(jwt);
  });

  it('calls none and an empty one missing', () => {
    for (const target of ['/ws', '/ws?', '/ws?token', '/ws?token=', '/ws?Token=a.b.c', '', '//']) {
      codeOf(target).should.equal('token_missing', target);
    }
  });

  it('refuses two tokens, also when they are the same', () => {
    codeOf(`/ws?token=${jwt}&token=${jwt}`).should.equal('token_invalid');
    codeOf(`/ws?token=&token=${jwt}`).should.equal('token_invalid');
    codeOf(`/ws?%74oken=${jwt}&token=${jwt}`).should.equal('token_invalid');
  });

  it('refuses a token over 8 KiB', () => {
    const padded = (bytes: number) => `AAAA.${'A'.repeat(bytes - 10)}.AAAA`;
    readToken(`/ws?token=${padded(8190)}`).length.should.equal(8190);
    readToken(`/ws?token=${padded(8192)}`).length.should.equal(8192);
    codeOf(`/ws?token=${padded(8194)}`).should.equal('token_invalid');
  });

  it('refuses every other spelling of a token: padding, white space, unused bits, four parts', () => {
    const [head, claims, signature] = jwt.split('.') as [string, string, string];
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(signature.slice(-1));
    const twin = signature.slice(0, -1) + alphabet[last ^ 1];
    Buffer.from(twin, 'base64url').equals(Buffer.from(signature, 'base64url')).should.equal(true);
    for (const spelling of [
      `${head}.${claims}.${twin}`,
      `${jwt}=`,
      `${jwt}%20`,
      `${jwt}%0A`,
      `${head}.${claims}.${signature.slice(0, 4)}+${signature.slice(4)}`,
      `${jwt}.AA`,
      `${head}.${claims}.`,
      `${head}..${signature}`,
      `${head}.${claims}`,
      `${jwt}\u0000`,
      `${jwt}%C3%A4`,
    ]) {
      codeOf(`/ws?token=${spelling}`).should.equal('token_invalid', spelling);
    }
  });

  const PLACES: Record<string, [TokenPlaces, Record<string, string[]>, string | undefined][]> = {
    'Authorization with the scheme Bearer, in any case': [
      [header(), { authorization: ['Bearer a.b.c'] }, 'a.b.c'],
      [header(), { authorization: ['bEARER   a.b.c'] }, 'a.b.c'],
      [header(), { authorization: ['Bearer'] }, ''],
      [header('AUTHORIZATION'), { authorization: ['Bearer a.b.c'] }, 'a.b.c'],
    ],
    'Authorization with another scheme, which is no token': [
      [header(), { authorization: ['Basic YTpi'] }, undefined],
      [header(), { authorization: ['a.b.c'] }, undefined],
      [header(), { authorization: ['Basic YTpi', 'Bearer a.b.c'] }, 'a.b.c'],
    ],
    'another header, bare or behind Bearer': [
      [header('X-Token'), { 'x-token': ['a.b.c'] }, 'a.b.c'],
      [header('X-Token'), { 'x-token': ['Bearer a.b.c'] }, 'a.b.c'],
      [header('X-Token'), { 'x-token': [''] }, ''],
      [header('constructor'), {}, undefined],
    ],
    'a subprotocol beside another one': [
      [only('protocol'), { 'sec-websocket-protocol': ['app, bearer.a.b.c'] }, 'a.b.c'],
      [only('protocol'), { 'sec-websocket-protocol': ['bearer.a.b.c', 'app'] }, 'a.b.c'],
      [only('protocol'), { 'sec-websocket-protocol': ['app'] }, undefined],
    ],
    'a cookie of exactly that name': [
      [only('cookie'), { cookie: ['a=1; token=a.b.c; Token=x'] }, 'a.b.c'],
      [only('cookie'), { cookie: ['xtoken=a.b.c; token'] }, undefined],
      [only('cookie'), { cookie: ['a=token=a.b.c'] }, undefined],
    ],
    'no place that is not enabled': [
      [QUERY, { authorization: ['Bearer a.b.c'], cookie: ['token=a.b.c'] }, undefined],
      [only('cookie'), { 'sec-websocket-protocol': ['bearer.a.b.c'] }, undefined],
    ],
  };
  for (const [what, requests] of Object.entries(PLACES)) {
    it(`reads ${what}`, () => {
      for (const [places, headersDistinct, expected] of requests) {
        const found = findToken({ url: '/ws', headersDistinct }, places);
        should(found).equal(expected, JSON.stringify(headersDistinct));
      }
    });
  }

  it('refuses two tokens in one header, cookie or offer, also where Node would keep one', () => {
    for (const [places, headersDistinct] of [
      [header(), { authorization: ['Bearer a.b.c', 'Bearer a.b.c'] }],
      [only('cookie'), { cookie: ['token=a.b.c', 'token=a.b.c'] }],
      [only('protocol'), { 'sec-websocket-protocol': ['app, bearer.a.b.c, bearer.d.e.f'] }],
    ] as const) {
      should(() => findToken({ headersDistinct: { ...headersDistinct } } as never, places)).throw({
        code: 'token_invalid',
      });
    }
  });

  it('wants another subprotocol beside the token, where it is looked for there', () => {
    const request = { url: '/ws', headersDistinct: { 'sec-websocket-protocol': ['bearer.a.b.c'] } };
    should(() => findToken(request, only('protocol'))).throw({ code: 'protocol_missing' });
    should(findToken(request, QUERY)).equal(undefined);
  });
});

function only(source: TokenPlaces['tokenSources'][number]): TokenPlaces {
  return { ...QUERY, tokenSources: [source] };
}

function header(tokenHeader = 'Authorization'): TokenPlaces {
  return { ...QUERY, tokenSources: ['header'], tokenHeader };
}
