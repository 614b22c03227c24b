import { createHmac } from 'node:crypto';
import should from 'should';
import { CLAIMS, type Claims, OTHER_SECRET, part, SECRET, seconds, token } from '../support/core/tokens.js';
import { attack } from '../support/hostile/target.js';

const VALID = { ...CLAIMS, exp: seconds(600) };

/** A token with exactly this header, signed with HMAC-SHA-256 and the listener's secret unless told otherwise. */
function mac(header: Claims | string, hash = 'sha256', secret: string | Buffer = SECRET): string {
  const input = `${part(header)}.${part(VALID)}`;
  return `${input}.${createHmac(hash, secret).update(input).digest('base64url')}`;
}

function unsigned(alg: unknown): string {
  return `${part({ alg, typ: 'JWT' })}.${part(VALID)}.`;
}

const [HEAD, BODY, SIGNATURE] = token(VALID).split('.') as [string, string, string];
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const TWIN = SIGNATURE.slice(0, -1) + ALPHABET[ALPHABET.indexOf(SIGNATURE.slice(-1)) ^ 1];

const SHARED_SECRET: [string, string, '101' | '401 token_invalid'][] = [
  ['a valid token', mac({ alg: 'HS256' }), '101'],
  ...['none', 'None', 'NONE', 'nOnE', ''].map((alg): [string, string, '401 token_invalid'] => [
    `alg "${alg}" without a signature`,
    unsigned(alg),
    '401 token_invalid',
  ]),
  ['alg none with a signature', mac({ alg: 'none' }), '401 token_invalid'],
  ['no alg', mac({ typ: 'JWT' }), '401 token_invalid'],
  ['a null alg', mac({ alg: null }), '401 token_invalid'],
  ['a list of algs', mac({ alg: ['HS256'] }), '401 token_invalid'],
  ['an alg from the prototype', mac({ alg: 'toString' }), '401 token_invalid'],
  ['an inherited alg', mac('{"__proto__":{"alg":"HS256"}}'), '401 token_invalid'],
  ['two algs, the last none', mac('{"alg":"HS256","alg":"none"}'), '401 token_invalid'],
  ['HS384', mac({ alg: 'HS384' }, 'sha384'), '401 token_invalid'],
  ['HS512', mac({ alg: 'HS512' }, 'sha512'), '401 token_invalid'],
  ['alg in lower case', mac({ alg: 'hs256' }), '401 token_invalid'],
  ['an alg with NUL', mac({ alg: 'HS256\0' }), '401 token_invalid'],
  ['RS256 over an HMAC', mac({ alg: 'RS256' }), '401 token_invalid'],
  ['an HMAC with another secret', mac({ alg: 'HS256' }, 'sha256', OTHER_SECRET), '401 token_invalid'],
  ['an HMAC with an empty secret', mac({ alg: 'HS256' }, 'sha256', ''), '401 token_invalid'],
  ['an HMAC with zeros for a secret', mac({ alg: 'HS256' }, 'sha256', Buffer.alloc(64)), '401 token_invalid'],
  ['an unknown crit', mac({ alg: 'HS256', crit: ['evil'], evil: 1 }), '401 token_invalid'],
  [
    'a crit with CR LF',
    mac({ alg: 'HS256', crit: ['a\r\nX-Evil: 1'], 'a\r\nX-Evil: 1': 1 }),
    '401 token_invalid',
  ],
  ['an empty crit', mac({ alg: 'HS256', crit: [] }), '401 token_invalid'],
  ['a crit that is not a list', mac({ alg: 'HS256', crit: 'b64' }), '401 token_invalid'],
  ['an unencoded payload', mac({ alg: 'HS256', b64: false, crit: ['b64'] }), '401 token_invalid'],
  ['a header that is a list', mac('["HS256"]'), '401 token_invalid'],
  ['a header that is null', mac('null'), '401 token_invalid'],
  ['a header that is not JSON', mac('{"alg":"HS256"'), '401 token_invalid'],
  ['a kid that leads to a file', mac({ alg: 'HS256', kid: '../../../../dev/null' }), '101'],
  ['a kid with CR LF', mac({ alg: 'HS256', kid: 'a\r\nX-Evil: 1' }), '101'],
  [
    'claims of another token',
    `${HEAD}.${part({ ...VALID, tenant_id: 'evil' })}.${SIGNATURE}`,
    '401 token_invalid',
  ],
  ['a header of another token', `${part({ alg: 'HS256' })}.${BODY}.${SIGNATURE}`, '401 token_invalid'],
  ['a signature cut short', `${HEAD}.${BODY}.${SIGNATURE.slice(0, -4)}`, '401 token_invalid'],
  ['a signature with more', `${HEAD}.${BODY}.${SIGNATURE}AAAA`, '401 token_invalid'],
  ['a signature spelled otherwise', `${HEAD}.${BODY}.${TWIN}`, '401 token_invalid'],
  ['a signature with padding', `${HEAD}.${BODY}.${SIGNATURE}=`, '401 token_invalid'],
  ['no signature', `${HEAD}.${BODY}`, '401 token_invalid'],
  ['five parts, as of an encrypted token', `${HEAD}.${BODY}.${SIGNATURE}.AAAA.AAAA`, '401 token_invalid'],
  ['a token in JSON', encodeURIComponent(`{"protected":"${HEAD}","payload":"${BODY}"}`), '401 token_invalid'],
  ['dots alone', '..', '401 token_invalid'],
];

describe('hostile: algorithms', () => {
  for (const [what, jwt, answer] of SHARED_SECRET) {
    it(`answers ${answer} to ${what}`, () =>
      attack({}, async (target) => {
        should(await target.answerToToken(jwt)).equal(answer);
      }));
  }
});
