import should from 'should';
import type { Middleware } from '../../src/handshake/middleware.js';
import { SocketClient } from '../support/core/socket-client.js';
import { CLAIMS, type Claims, seconds, token } from '../support/core/tokens.js';
import { attack } from '../support/hostile/target.js';

/** Claims as JSON has them, names such as __proto__ included. */
function signed(json: string): string {
  return token(JSON.stringify(CLAIMS).replace(/}$/, `,"exp":${seconds(600)},${json}}`));
}

const ROWS: readonly [what: string, names: string, json: string, claims: Claims][] = [
  ['a constructor that the token has not', 'constructor', '"role":"a"', {}],
  ['a constructor that the token has', 'constructor', '"constructor":"a"', { constructor: 'a' }],
  ['a way into the prototype', 'constructor.prototype, toString.name', '"role":"a"', {}],
  ['a nested __proto__ that is none of its own', 'realm.__proto__', '"realm":{}', {}],
  ['what is in a list', 'roles.0, roles.length, roles.*', '"roles":["a","b"]', {}],
  ['all of an object', 'realm', '"realm":{"roles":["a"]}', { realm: { roles: ['a'] } }],
  ['what is spelt otherwise', 'Role, role\u0000', '"role":"a"', {}],
];

describe('hostile: claims for a flow that name', () => {
  for (const [what, sessionClaims, json, claims] of ROWS) {
    it(what, () =>
      attack({ properties: { sessionClaims } }, async (target) => {
        const { _session } = await target.listener.messageFrom(await target.open(signed(json)));
        should((_session as { claims: object }).claims).eql(claims);
        should(Object.getPrototypeOf((_session as { claims: object }).claims)).equal(Object.prototype);
      }),
    );
  }

  it('__proto__ inside of what is named: no prototype changes', () =>
    attack({ properties: { sessionClaims: 'realm' } }, async (target) => {
      const peer = await target.open(signed('"realm":{"__proto__":{"evil":true}}'));
      const { _session } = await target.listener.messageFrom(peer);
      const { realm } = (_session as { claims: { realm: object } }).claims;
      should(Object.getPrototypeOf(realm)).equal(Object.prototype);
      should(Reflect.get({}, 'evil')).equal(undefined);
    }));

  it('something that a flow then changes: the next message has it as it was', () =>
    attack({ properties: { sessionClaims: 'realm' } }, async (target) => {
      const peer = await target.open(signed('"realm":{"roles":["ws"]}'));
      const first = (await target.listener.messageFrom(peer))._session as {
        claims: { realm: { roles: string[] } };
      };
      first.claims.realm.roles.push('evil');
      const second = (await target.listener.messageFrom(peer))._session;
      should(second).match({ claims: { realm: { roles: ['ws'] } } });
      should(JSON.stringify(second)).not.containEql('evil');
    }));

  for (const [kind, open, close, depth] of [
    ['lists', '[', ']', 5500],
    ['objects', '{"":', '}', 2000],
  ] as const) {
    it(`${kind} in each other, deeper than can be copied: nobody is let in, and nothing ends`, () => {
      const jwt = signed(`"realm":${open.repeat(depth)}1${close.repeat(depth)}`);
      const properties = { sessionClaims: 'realm' };
      return attack({ properties, maxTokenBytes: 16_000 }, async (target) => {
        const { status, body } = await SocketClient.refused(target.listener.url(jwt));
        should([status, body]).eql([401, '{"error":"token_invalid"}']);
      });
    });
  }

  it('what a middleware decides about: its claims stand as they are', () => {
    const middleware: Middleware = ({ identity }, next) => {
      should(identity).not.have.property('sessionClaims');
      next(undefined, { claims: { step: 1 } });
    };
    return attack({ properties: { sessionClaims: 'sub' }, middleware: [middleware] }, async (target) => {
      const { _session } = await target.listener.messageFrom(await target.open());
      should((_session as { claims: object }).claims).eql({ step: 1 });
    });
  });

  it('what a middleware lets pass: the token’s own', () => {
    const middleware: Middleware = (_, next) => next();
    return attack({ properties: { sessionClaims: 'sub' }, middleware: [middleware] }, async (target) => {
      const { _session } = await target.listener.messageFrom(await target.open());
      should((_session as { claims: object }).claims).eql({ sub: 'ann' });
    });
  });

  it('what a new token says otherwise: its claims replace the old ones', () => {
    const properties = { sessionClaims: 'role,level', tokenSources: ['query', 'message'] };
    return attack({ properties }, async (target) => {
      const peer = await target.open(token({ ...CLAIMS, role: 'admin', level: 1, exp: seconds(60) }));
      const claimsNow = async () =>
        ((await target.listener.messageFrom(peer))._session as { claims: object }).claims;
      should(await claimsNow()).eql({ role: 'admin', level: 1 });
      const newer = token({ ...CLAIMS, role: 'user', exp: seconds(600) });
      peer.send(JSON.stringify({ type: 'authenticate', token: newer }));
      should(await peer.nextJson()).match({ type: 'authenticated' });
      should(await claimsNow()).eql({ role: 'user' });
    });
  });

  it('nothing: the session is what it was', () =>
    attack({}, async (target) => {
      const { _session } = await target.listener.messageFrom(await target.open());
      should(Object.keys(Object(_session))).eql([
        'type',
        'id',
        'tenantId',
        'subject',
        'authStatus',
        'routingScope',
      ]);
    }));
});
