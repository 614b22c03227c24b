import { once } from 'node:events';
import type { Socket } from 'node:net';
import should from 'should';
import type { VerifyQuestion } from '../../src/handshake/verify-function.js';
import { upgradeRequest } from '../support/core/raw-client.js';
import { SECRET, seconds, token } from '../support/core/tokens.js';
import { attack, type Target, type TargetOptions } from '../support/hostile/target.js';

type Verify = (question: VerifyQuestion) => unknown;

const BY_FUNCTION = { jwtValidation: 'function', verifyFunction: 'own' };
const UPGRADE = upgradeRequest('/ws?token=opaque');

/** Attacks a listener whose peers a function of settings.js knows. */
function attackOwn(
  own: unknown,
  perform: (target: Target) => Promise<void>,
  { properties, ...options }: TargetOptions = {},
): Promise<void> {
  return attack(
    {
      properties: { ...BY_FUNCTION, ...properties },
      verifyFunctions: { own },
      bystander: null,
      timeoutMs: 300,
      ...options,
    },
    perform,
  );
}

const ACME = { tenantId: 'acme', subject: 'ann' };

/** Never settles. */
const THENABLE = Object.fromEntries([['then', () => {}]]);

const ROWS: readonly [what: string, own: Verify, answer: string][] = [
  ['names a tenant', () => ACME, '101'],
  ['promises a tenant', async () => ACME, '101'],
  ['throws', () => fail(), '500 verification_failed'],
  ['throws nothing', () => Promise.reject(), '500 verification_failed'],
  ['throws null', () => Promise.reject(null), '500 verification_failed'],
  ['rejects', async () => fail(), '500 verification_failed'],
  ['hangs', () => new Promise(() => {}), '503 handshake_timeout'],
  ['returns a promise of its own make', () => Object.assign(() => {}, THENABLE), '503 handshake_timeout'],
  ['returns null', () => null, '401 token_invalid'],
  ['returns nothing', () => undefined, '401 token_invalid'],
  ['returns false', () => false, '401 token_invalid'],
  ['returns true', () => true, '401 token_invalid'],
  ['returns a text', () => 'acme', '401 token_invalid'],
  ['returns a list', () => [ACME], '401 token_invalid'],
  ['returns the request', ({ request }) => request, '401 token_invalid'],
  ['returns what it was asked', (question) => question, '401 token_invalid'],
  ['returns a prototype', () => Object.create(ACME), '401 token_invalid'],
  [
    'returns a getter',
    () => ({
      get tenantId() {
        return fail();
      },
    }),
    '401 token_invalid',
  ],
  ['returns what cannot be looked at', () => new Proxy(ACME, { ownKeys: fail }), '500 verification_failed'],
  ['names no tenant', () => ({ subject: 'ann' }), '401 token_invalid'],
  ['names a tenant that is NaN', () => ({ tenantId: Number.NaN }), '401 token_invalid'],
  ['names an end that has passed', () => ({ ...ACME, expiresAt: Date.now() }), '401 token_invalid'],
  ['names an end of NaN', () => ({ ...ACME, expiresAt: Number.NaN }), '401 token_invalid'],
  ['names an end of 1e400', () => ({ ...ACME, expiresAt: Number('1e400') }), '401 token_invalid'],
  ['names an end past what setTimeout can count', () => ({ ...ACME, expiresAt: 2 ** 52 }), '101'],
  ['has an exp that has passed', () => ({ ...ACME, claims: { exp: seconds(-9) } }), '401 token_invalid'],
  ['says how it was verified', () => ({ ...ACME, authStatus: 'none' }), '401 token_invalid'],
];

describe('hostile: a function for peers that', () => {
  for (const [what, own, answer] of ROWS) {
    it(`${what}: ${answer}`, () =>
      attackOwn(own, async (target) => {
        should(await target.answerTo(UPGRADE)).equal(answer);
      }));
  }

  it('names a tenant __proto__: that tenant and no other', () =>
    attackOwn(
      ({ token }: VerifyQuestion) => ({ tenantId: token }),
      async (target) => {
        const peers = [await target.open('__proto__'), await target.open('constructor')];
        const [first, second] = peers;
        const { _session } = await target.listener.messageFrom(first as (typeof peers)[0]);
        should(_session).match({ tenantId: '__proto__', authStatus: 'verified' });
        await target.listener.send({ payload: 'for one', _session });
        should(await first?.nextText()).equal('for one');
        await second?.drained();
        should(second?.unread).equal(0);
      },
    ));

  it('changes afterwards what it returned: nothing changes', () => {
    const stated = { ...ACME, claims: { role: 'user', realm: { roles: ['ws'] } } };
    const properties = { sessionClaims: 'role,realm.roles' };
    return attackOwn(
      () => stated,
      async (target) => {
        const peer = await target.open('opaque');
        Object.assign(stated, { tenantId: 'evil', subject: 'evil' });
        stated.claims.role = 'evil';
        stated.claims.realm.roles.push('evil');
        const { _session } = await target.listener.messageFrom(peer);
        should(_session).match({ ...ACME, claims: { role: 'user', 'realm.roles': ['ws'] } });
        should(Object.isFrozen(stated.claims)).be.false(); // it is the user's
        Object.assign(stated, ACME);
      },
      { properties },
    );
  });

  it('answers after the peer has gone: nothing is opened', async () => {
    let answer = (_: unknown) => {};
    const asked: VerifyQuestion[] = [];
    const own = (question: VerifyQuestion) => {
      asked.push(question);
      return new Promise((resolve) => {
        answer = resolve;
      });
    };
    await attackOwn(
      own,
      async (target) => {
        const upgrade = target.upgrades(1);
        const peer = await target.raw(UPGRADE);
        await upgrade;
        const gone = target.serverSocketClosed();
        peer.resetAndDestroy();
        await gone;
        answer(ACME);
        should(asked.at(-1)?.address).equal('127.0.0.1');
      },
      { properties: { origins: 'none' }, timeoutMs: 300 },
    );
  });

  it('answers after its time: the peer has got its 503, and that is all', async () => {
    const late: ((_: unknown) => void)[] = [];
    const rejects: ((_: unknown) => void)[] = [];
    const own = () =>
      new Promise((resolve, reject) => {
        late.push(resolve);
        rejects.push(reject);
      });
    await attackOwn(own, async (target) => {
      should(await target.answerTo(UPGRADE)).equal('503 handshake_timeout');
      late.at(-1)?.(ACME);
      should(await target.answerTo(UPGRADE)).equal('503 handshake_timeout');
      rejects.at(-1)?.(new Error('evil')); // nobody is left to be told, and nothing is unhandled
    });
  });

  it('is not asked of a page that may not connect, of two tokens, or of one too long', async () => {
    let asked = 0;
    const own = () => {
      asked += 1;
      return null;
    };
    const properties = { origins: 'none', tokenSources: ['query', 'header'] };
    await attackOwn(
      own,
      async (target) => {
        const before = asked; // somebody without a token was
        const page = upgradeRequest('/ws?token=a', { Origin: 'https://page.test' });
        should(await target.answerTo(page)).equal('403 origin_forbidden');
        const two = upgradeRequest('/ws?token=a', { Authorization: 'Bearer a' });
        should(await target.answerTo(two)).equal('401 token_invalid');
        should(await target.answerTo(upgradeRequest(`/ws?token=${'é'.repeat(600)}`))).equal('400');
        const long = upgradeRequest(`/ws?token=${'%C3%A9'.repeat(600)}`);
        should(await target.answerTo(long)).equal('401 token_invalid');
        should(asked).equal(before);
      },
      { properties, maxTokenBytes: 1024 },
    );
  });

  it('throws a secret: it is in no answer and no event', () =>
    attackOwn(
      () => {
        throw Object.assign(new Error(SECRET), { code: SECRET, status: 200, told: { error: SECRET } });
      },
      async (target) => {
        should(await target.answerTo(UPGRADE)).equal('500 verification_failed');
        should(JSON.stringify(target.listener.events.items)).not.containEql(SECRET);
      },
    ));

  it('is asked 256 times at once, and no more', async () => {
    const waiting: ((_: unknown) => void)[] = [];
    const own = ({ token }: VerifyQuestion) =>
      token === undefined ? null : new Promise((resolve) => waiting.push(resolve));
    await attackOwn(
      own,
      async (target) => {
        const all = target.upgrades(256);
        const peers: Socket[] = [];
        for (let count = 0; count < 256; count += 1) peers.push(await target.raw(UPGRADE));
        await all;
        should(await target.answerTo(UPGRADE)).equal('503 too_many_handshakes');
        should(waiting.length).equal(256);
        const gone = peers.map((peer) => once(peer.resume(), 'close'));
        for (const answer of waiting) answer(null);
        await Promise.all(gone);
      },
      { timeoutMs: 60_000 },
    );
  });

  it('renews: another subject is 4403, and what fails leaves the old end', () => {
    const end = Date.now() + 60_000;
    const own = ({ token }: VerifyQuestion) => {
      if (token === 'bad') return null;
      if (token === 'throws') return fail();
      if (token === 'bob') return { ...ACME, subject: 'bob', expiresAt: end + 60_000 };
      return { ...ACME, expiresAt: token === 'later' ? end + 60_000 : end };
    };
    const login = (token: string) => JSON.stringify({ type: 'authenticate', token });
    return attackOwn(
      own,
      async (target) => {
        const peer = await target.open('first');
        for (const [token, error] of [
          ['bad', 'token_invalid'],
          ['throws', 'verification_failed'],
          ['same', 'token_invalid'],
        ] as const) {
          peer.send(login(token));
          should(await peer.nextJson()).eql({ type: 'unauthorized', error });
        }
        peer.send(login('later'));
        should(await peer.nextJson()).match({ type: 'authenticated' });
        peer.send(login('bob'));
        should(await peer.closed).eql({ code: 4403, reason: 'identity changed' });
      },
      { properties: { tokenSources: ['query', 'message'] } },
    );
  });

  it('is not there, or is no function: the listener does not serve', async () => {
    const { ListenerServer } = await import('../support/core/listener-server.js');
    for (const [name, functions] of [
      ['other', { own: () => ACME }],
      ['constructor', { own: () => ACME }],
      ['__proto__', { own: () => ACME }],
      ['own', { own: ACME }],
      ['own', {}],
    ] as const) {
      await should(
        ListenerServer.start({
          properties: { ...BY_FUNCTION, verifyFunction: name },
          verifyFunctions: functions,
        }),
      ).be.rejectedWith({ code: 'verify-function' });
    }
  });

  it('is of another listener: a good JWT lets nobody in', () =>
    attackOwn(
      () => null,
      async (target) => {
        should(await target.answerToToken(token())).equal('401 token_invalid');
      },
    ));
});

function fail(): never {
  throw new Error('evil');
}
