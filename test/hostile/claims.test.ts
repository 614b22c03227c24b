import { createHmac } from 'node:crypto';
import should from 'should';
import { CLAIMS, type Claims, part, SECRET, seconds, token } from '../support/core/tokens.js';
import { attack } from '../support/hostile/target.js';

const MONTHS = 2 ** 31 / 1000; // further away than setTimeout can count, in seconds

/** A token whose claims are these bytes. */
function bytes(claims: Buffer): string {
  const input = `${part({ alg: 'HS256' })}.${claims.toString('base64url')}`;
  return `${input}.${createHmac('sha256', SECRET).update(input).digest('base64url')}`;
}

/** A token with one more claim, as it stands in JSON. */
function json(claim: string): string {
  return token(`{"tenant_id":"acme",${claim}}`);
}

function claims(more: Claims): string {
  return token({ ...CLAIMS, ...more });
}

const REFUSED: [string, string, string][] = [
  ['an exp that has passed', claims({ exp: seconds(-1) }), '401 token_expired'],
  ['an exp of this very second', claims({ exp: seconds() }), '401 token_expired'],
  ['an exp of 1970', claims({ exp: 0 }), '401 token_expired'],
  ['a negative exp', claims({ exp: -1e300 }), '401 token_expired'],
  ['an exp in text', claims({ exp: String(seconds(600)) }), '401 token_invalid'],
  ['a null exp', claims({ exp: null }), '401 token_invalid'],
  ['a true exp', claims({ exp: true }), '401 token_invalid'],
  ['a list for exp', claims({ exp: [seconds(600)] }), '401 token_invalid'],
  ['an object for exp', claims({ exp: { valueOf: seconds(600) } }), '401 token_invalid'],
  ['an infinite exp', json('"exp":1e400'), '401 token_invalid'],
  ['an infinitely early exp', json('"exp":-1e400'), '401 token_expired'],
  ['two exps, the last passed', json(`"exp":${seconds(600)},"exp":1`), '401 token_expired'],
  ['an nbf to come', claims({ nbf: seconds(600) }), '401 token_invalid'],
  ['an nbf in text', claims({ nbf: '0' }), '401 token_invalid'],
  ['a null nbf', claims({ nbf: null }), '401 token_invalid'],
  ['an infinitely early nbf', json('"nbf":-1e400'), '401 token_invalid'],
  ['an infinitely late nbf', json('"nbf":1e400'), '401 token_invalid'],
  ['an iat that is no time', claims({ iat: {} }), '401 token_invalid'],
  ['claims that are a list', token('[{"tenant_id":"acme"}]'), '401 token_invalid'],
  ['claims that are null', token('null'), '401 token_invalid'],
  ['claims that are a text', token('"acme"'), '401 token_invalid'],
  ['claims that are no JSON', token('{"tenant_id":"acme"'), '401 token_invalid'],
  ['claims with a comment', token('{"tenant_id":"acme"/**/}'), '401 token_invalid'],
  ['claims in UTF-16', bytes(Buffer.from('{"tenant_id":"acme"}', 'utf16le')), '401 token_invalid'],
  ['claims that are a list in an object of one', token('{"0":{"tenant_id":"acme"}}'), '401 tenant_missing'],
];

const EXPECTED = { jwtIssuer: 'https://issuer', jwtAudience: 'chat' };
const ISSUED: [string, Claims, string][] = [
  ['the issuer and audience expected', { iss: 'https://issuer', aud: 'chat' }, '101'],
  ['the audience among others', { iss: 'https://issuer', aud: ['evil', 'chat'] }, '101'],
  ['no issuer', { aud: 'chat' }, '401 token_invalid'],
  ['no audience', { iss: 'https://issuer' }, '401 token_invalid'],
  ['another issuer', { iss: 'https://evil', aud: 'chat' }, '401 token_invalid'],
  ['an issuer with a slash more', { iss: 'https://issuer/', aud: 'chat' }, '401 token_invalid'],
  ['an issuer in capitals', { iss: 'HTTPS://ISSUER', aud: 'chat' }, '401 token_invalid'],
  ['a list of issuers', { iss: ['https://issuer'], aud: 'chat' }, '401 token_invalid'],
  ['a longer audience', { iss: 'https://issuer', aud: 'chats' }, '401 token_invalid'],
  ['an empty list of audiences', { iss: 'https://issuer', aud: [] }, '401 token_invalid'],
  ['a list of lists of audiences', { iss: 'https://issuer', aud: [['chat']] }, '401 token_invalid'],
  ['an object for an audience', { iss: 'https://issuer', aud: { chat: true } }, '401 token_invalid'],
  ['the audience in the place of the issuer', { iss: 'chat', aud: 'https://issuer' }, '401 token_invalid'],
];

/** Claims that let a peer in, and must neither end its session nor the runtime. */
const ACCEPTED: [string, string, string | undefined][] = [
  ['no exp', claims({}), 'ann'],
  ['an exp at the edge of what setTimeout can count', claims({ exp: seconds(Math.floor(MONTHS)) }), 'ann'],
  ['an exp past what setTimeout can count', claims({ exp: seconds(Math.ceil(MONTHS) + 1) }), 'ann'],
  ['an exp past what 32 bits can count', claims({ exp: 2 ** 33 }), 'ann'],
  ['an exp that is no safe integer', claims({ exp: 2 ** 60 }), 'ann'],
  ['an exp that overflows in milliseconds', claims({ exp: 1e308 }), 'ann'],
  ['two exps, the first passed', json(`"sub":"ann","exp":1,"exp":${seconds(600)}`), 'ann'],
  ['an nbf that has passed', claims({ nbf: 0 }), 'ann'],
  ['an iat to come', claims({ iat: seconds(600) }), 'ann'],
  ['a subject that is a number', claims({ sub: 7 }), undefined],
  ['a subject that is an object', claims({ sub: { toString: 'ann' } }), undefined],
  ['a subject with CR LF', claims({ sub: 'a\r\nb\0' }), 'a\r\nb\0'],
  ['claims named as the prototype', json('"sub":"ann","__proto__":{"exp":1,"sub":"evil"}'), 'ann'],
  ['claims named as methods', json('"sub":"ann","hasOwnProperty":1,"toString":2,"constructor":3'), 'ann'],
  ['claims nested 2500 deep', json(`"sub":"ann","a":${'['.repeat(2500)}${']'.repeat(2500)}`), 'ann'],
  [
    'a byte order mark before the claims',
    bytes(Buffer.from('\ufeff{"tenant_id":"acme","sub":"ann"}')),
    'ann',
  ],
];

describe('hostile: claims and time', () => {
  for (const [what, jwt, answer] of REFUSED) {
    it(`answers ${answer} to ${what}`, () =>
      attack({}, async (target) => {
        should(await target.answerToToken(jwt)).equal(answer);
      }));
  }

  for (const [what, more, answer] of ISSUED) {
    it(`answers ${answer} to ${what}, where both are configured`, () => {
      const bystander = token({ tenant_id: 'bystander', iss: 'https://issuer', aud: 'chat' });
      return attack({ properties: EXPECTED, bystander }, async (target) => {
        should(await target.answerToToken(claims(more))).equal(answer);
      });
    });
  }

  for (const [what, jwt, subject] of ACCEPTED) {
    it(`serves a peer with ${what}`, () =>
      attack({}, async (target) => {
        const client = await target.open(jwt);
        const { _session } = await target.listener.messageFrom(client);
        should(_session).match({ tenantId: 'acme', authStatus: 'verified' });
        should((_session as { subject?: string }).subject).equal(subject);
        await client.drained();
        should(client.socket.readyState).equal(client.socket.OPEN);
      }));
  }

  it('closes with 4401 when the exp is a fraction of a second away', () =>
    attack({}, async (target) => {
      const client = await target.open(claims({ exp: Date.now() / 1000 + 1 }));
      should(await client.closed).eql({ code: 4401, reason: 'token expired' });
    }));
});
