import should from 'should';
import type { Middleware } from '../../src/handshake/middleware.js';
import { upgradeRequest } from '../support/core/raw-client.js';
import { SocketClient } from '../support/core/socket-client.js';
import { token } from '../support/core/tokens.js';
import { attack } from '../support/hostile/target.js';

const UPGRADE = upgradeRequest(`/ws?token=${token()}`);

/** What settings.js may hold: no compiler has seen it. */
function own(of: unknown): Middleware {
  return of as Middleware;
}

type Next = (error?: unknown, changes?: unknown) => void;

const ROWS: [string, Middleware, string][] = [
  ['goes on', own((_: unknown, next: Next) => next()), '101'],
  ['goes on later', own((_: unknown, next: Next) => setImmediate(next)), '101'],
  ['goes on with null', own((_: unknown, next: Next) => next(null)), '101'],
  ['refuses', own((_: unknown, next: Next) => next(new Error('evil'))), '403 forbidden'],
  ['refuses with something false', own((_: unknown, next: Next) => next(false)), '403 forbidden'],
  [
    'chooses a code',
    own((_: unknown, next: Next) => next({ code: 'no_money', status: 402 })),
    '402 no_money',
  ],
  ['chooses a status of 200', own((_: unknown, next: Next) => next({ status: 200 })), '403 forbidden'],
  [
    'chooses a code with a line break',
    own((_: unknown, next: Next) => next({ code: 'evil\r\nX: 1' })),
    '403 forbidden',
  ],
  [
    'has a code that cannot be read',
    own((_: unknown, next: Next) =>
      next({
        get code() {
          return fail();
        },
      }),
    ),
    '500 verification_failed',
  ],
  ['throws', own(() => fail()), '500 verification_failed'],
  ['rejects', own(async () => fail()), '500 verification_failed'],
  ['is no function', own('evil'), '500 verification_failed'],
  [
    'gives claims that are a list',
    own((_: unknown, next: Next) => next(undefined, { claims: [] })),
    '500 verification_failed',
  ],
  [
    'gives claims that nothing can copy',
    own((_: unknown, next: Next) => next(undefined, { claims: { fail } })),
    '500 verification_failed',
  ],
  ['answers yes and throws', own((_: unknown, next: Next) => fail(next())), '101'],
  ['answers twice, yes first', own((_: unknown, next: Next) => [next(), next(1)]), '101'],
  ['answers twice, no first', own((_: unknown, next: Next) => [next(1), next()]), '403 forbidden'],
  ['answers with its promise alone', own(async () => true), '503 handshake_timeout'],
  ['never answers', own(() => {}), '503 handshake_timeout'],
  [
    'changes who it is',
    own(({ identity }: { identity: object }) => Object.assign(identity, { tenantId: 'evil' })),
    '500 verification_failed',
  ],
  [
    'changes claims',
    own(({ identity }: { identity: { claims: object } }) => Object.assign(identity.claims, { sub: 'evil' })),
    '500 verification_failed',
  ],
];

describe('hostile: a middleware that', () => {
  for (const [what, middleware, answer] of ROWS) {
    it(`${what}: ${answer}`, () =>
      attack({ middleware: [middleware], timeoutMs: 200, bystander: null }, async (target) => {
        should(await target.answerTo(UPGRADE)).equal(answer);
      }));
  }

  it('is asked in its order, after the token, and only of those who have a good one', async () => {
    const asked: unknown[] = [];
    const first: Middleware = ({ path, address, identity }, next) => {
      asked.push([path, address, identity.subject, Object.isFrozen(identity)]);
      next(undefined, { claims: { step: 1 } });
    };
    const second: Middleware = (_, next) => {
      asked.push('second');
      next();
    };
    await attack({ middleware: [first, second], bystander: null }, async (target) => {
      should(await target.answerTo(upgradeRequest('/ws?token=evil'))).equal('401 token_invalid');
      should(asked).eql([]);
      const peer = await target.open();
      should(asked).eql([['/ws', '127.0.0.1', 'ann', true], 'second']);
      const sessions = [await target.listener.messageFrom(peer), await target.listener.messageFrom(peer)];
      const claims = sessions.map(({ _session }) => (_session as { claims: object }).claims);
      should(claims).eql([{ step: 1 }, { step: 1 }]);
      should(claims[0]).not.equal(claims[1]); // a flow may change its own
    });
  });

  it('says more: data reaches the peer, data over 2 KiB does not', async () => {
    for (const [data, body] of [
      [{ since: 1 }, { error: 'locked', data: { since: 1 } }],
      ['x'.repeat(2047), { error: 'locked' }],
      [1n, { error: 'locked' }],
    ] as const) {
      const middleware: Middleware = (_, next) => next({ code: 'locked', data });
      await attack({ middleware: [middleware], bystander: null }, async (target) => {
        const refused = target.listener.next('refused');
        const answer = await SocketClient.refused(target.listener.url(token()));
        should(JSON.parse(answer.body)).eql(body);
        should(answer.headers['www-authenticate']).equal('Bearer error="insufficient_scope"');
        should(await refused).match({ code: 'forbidden', told: 'locked', status: 403 });
      });
    }
  });

  it('says more, where refusals are told by closing', () => {
    const middleware: Middleware = (_, next) => next({ code: 'locked', data: [1] });
    return attack(
      { middleware: [middleware], properties: { refusal: 'close' }, bystander: null },
      async (target) => {
        const peer = await target.open();
        should(await peer.nextJson()).eql({ type: 'unauthorized', error: 'locked', data: [1] });
        should(await peer.closed).eql({ code: 4403, reason: 'locked' });
      },
    );
  });
});

function fail(_?: unknown): never {
  throw new Error('evil');
}
