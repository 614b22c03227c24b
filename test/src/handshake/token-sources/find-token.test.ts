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
    should(readToken(`/ws?token=${jwt}`)).equal(jwt);
    should(readToken(`/ws?a=1&token=${jwt}&b=2`)).equal(jwt);
    should(readToken(`/ws?a=%zz&token=${jwt}`)).equal(jwt);
    should(readToken(`//?token=${jwt}`)).equal(jwt);
  });

  it('calls none and an empty one missing', () => {
    for (const target of ['/ws', '/ws?', '/ws?token', '/ws?token=', '/ws?Token=a.b.c', '', '//']) {
      should(codeOf(target)).equal('token_missing', target);
    }
  });

  it('refuses two tokens, also when they are the same', () => {
    should(codeOf(`/ws?token=${jwt}&token=${jwt}`)).equal('token_invalid');
    should(codeOf(`/ws?token=&token=${jwt}`)).equal('token_invalid');
    should(codeOf(`/ws?%74oken=${jwt}&token=${jwt}`)).equal('token_invalid');
  });

  it('refuses a token over 8 KiB', () => {
    const padded = (bytes: number) => `AAAA.${'A'.repeat(bytes - 10)}.AAAA`;
    should(readToken(`/ws?token=${padded(8190)}`).length).equal(8190);
    should(readToken(`/ws?token=${padded(8192)}`).length).equal(8192);
    should(codeOf(`/ws?token=${padded(8194)}`)).equal('token_invalid');
  });

  it('refuses every other spelling of a token: padding, white space, unused bits, four parts', () => {
    const [head, claims, signature] = jwt.split('.') as [string, string, string];
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(signature.slice(-1));
    const twin = signature.slice(0, -1) + alphabet[last ^ 1];
    should(Buffer.from(twin, 'base64url').equals(Buffer.from(signature, 'base64url'))).equal(true);
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
      should(codeOf(`/ws?token=${spelling}`)).equal('token_invalid', spelling);
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
