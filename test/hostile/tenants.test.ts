import should from 'should';
import { type Claims, token } from '../support/core/tokens.js';
import { attack } from '../support/hostile/target.js';

/** Names that an issuer may give, and that must be nobody else's. `bystander` is the tenant beside them. */
const NAMES: [string, string][] = [
  ['named as the prototype', '__proto__'],
  ['named as the constructor', 'constructor'],
  ['named as a method', 'hasOwnProperty'],
  ['named null', 'null'],
  ['named undefined', 'undefined'],
  ['named as a wildcard', '*'],
  ['of one space', ' '],
  ['of one NUL', '\0'],
  ["that is a neighbour's name and NUL", 'bystander\0'],
  ["that is a neighbour's name and a space", 'bystander '],
  ["that is a neighbour's name in capitals", 'BYSTANDER'],
  ["that is a neighbour's name with a letter that looks the same", 'byst\u0430nder'],
  ["that is a neighbour's name and a combining mark", 'bystander\u0301'],
  ["that is a neighbour's name in JSON", '"bystander"'],
  ["that is a neighbour's name in a list", '["bystander"]'],
  ['with CR LF', 'a\r\nX-Evil: 1'],
  ['with half a surrogate pair', '\ud800'],
  ['10 kB long', 'x'.repeat(10_000)],
];

const NO_TENANT: [string, string][] = [
  ['no tenant', '{"sub":"ann"}'],
  ['an empty tenant', '{"tenant_id":""}'],
  ['a null tenant', '{"tenant_id":null}'],
  ['a tenant that is true', '{"tenant_id":true}'],
  ['a list of one tenant', '{"tenant_id":["bystander"]}'],
  ['an object for a tenant', '{"tenant_id":{"toString":"bystander"}}'],
  ['a tenant that is a fraction', '{"tenant_id":1.5}'],
  ['a tenant that is infinite', '{"tenant_id":1e400}'],
  ['a tenant that is not a safe integer', '{"tenant_id":9007199254740993}'],
  ['a tenant in the prototype', '{"__proto__":{"tenant_id":"bystander"}}'],
  ['a tenant in capitals', '{"TENANT_ID":"bystander"}'],
  ['two tenants, the last empty', '{"tenant_id":"bystander","tenant_id":""}'],
];

/** Where the dots of a claim name lead. */
const PATHS: [string, string, Claims | string, string][] = [
  ['a nested claim', 'a.b', { a: { b: 'acme' } }, '101'],
  [
    'a claim of exactly that name that is empty',
    'a.b',
    { 'a.b': '', a: { b: 'acme' } },
    '401 tenant_missing',
  ],
  ['a path through a list', 'a.0', { a: ['acme'] }, '401 tenant_missing'],
  ['a path through a text', 'a.0', { a: 'acme' }, '401 tenant_missing'],
  ['a path through null', 'a.b', { a: null }, '401 tenant_missing'],
  ['a path into the prototype', 'a.constructor.name', { a: {} }, '401 tenant_missing'],
  ['a path to an inherited claim', 'a.b', '{"a":{"__proto__":{"b":"acme"}}}', '401 tenant_missing'],
  ['a path of dots', '..', { '': { '': 'acme' } }, '401 tenant_missing'],
];

describe('hostile: tenants', () => {
  for (const [what, name] of NAMES) {
    it(`keeps a tenant ${what} to itself`, () =>
      attack({ maxTokenBytes: 16_000 }, async (target) => {
        const jwt = token({ tenant_id: name });
        const [one, two] = [await target.open(jwt), await target.open(jwt)];
        const { _session } = await target.listener.messageFrom(one);
        should((_session as { tenantId: string }).tenantId).equal(name);
        for (const session of [_session, { ...Object(_session), tenantId: 'bystander' }]) {
          should(await target.listener.send({ payload: 'ours', _session: session })).equal(undefined);
          for (const client of [one, two]) should(await client.nextText()).equal('ours');
        }
      }));
  }

  for (const [what, claims] of NO_TENANT) {
    it(`answers 401 tenant_missing to ${what}`, () =>
      attack({}, async (target) => {
        should(await target.answerToToken(token(claims))).equal('401 tenant_missing');
      }));
  }

  for (const [what, tenantClaim, claims, answer] of PATHS) {
    it(`answers ${answer} to ${what}`, () =>
      attack({ properties: { tenantClaim }, bystander: null }, async (target) => {
        should(await target.answerToToken(token(claims))).equal(answer);
      }));
  }

  it('takes a number for the tenant of the same digits, and for no other', () =>
    attack({}, async (target) => {
      const [number, text, padded] = [
        await target.open(token({ tenant_id: 7 })),
        await target.open(token({ tenant_id: '7' })),
        await target.open(token({ tenant_id: '07' })),
      ];
      const { _session } = await target.listener.messageFrom(number);
      should(await target.listener.send({ payload: 'x', _session })).equal(undefined);
      await Promise.all([number, text, padded].map((client) => client.drained()));
      should([number.unread, text.unread, padded.unread]).eql([1, 1, 0]);
    }));

  it('takes nothing but the static tenant where that is configured, whatever a token says', () =>
    attack({ properties: { tenantFrom: 'static', tenantId: 'house' } }, async (target) => {
      const client = await target.open(token({ tenant_id: 'evil' }));
      should((await target.listener.messageFrom(client))._session).match({ tenantId: 'house' });
    }));

  it('gives no tenant where no token is checked, whatever a token says', () =>
    attack({ properties: { jwtValidation: 'none' } }, async (target) => {
      const client = await target.open(token({ tenant_id: 'evil' }));
      should((await target.listener.messageFrom(client))._session).match({
        tenantId: null,
        authStatus: 'none',
      });
    }));
});
