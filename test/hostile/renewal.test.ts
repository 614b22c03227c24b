import should from 'should';
import type { EndpointEvent } from '../../src/events/events.js';
import type { Middleware } from '../../src/handshake/middleware.js';
import type { SocketClient } from '../support/core/socket-client.js';
import { CLAIMS, type Claims, seconds, token } from '../support/core/tokens.js';
import { attack, type Target, type TargetOptions } from '../support/hostile/target.js';

const properties = { tokenSources: ['query', 'message'] };

function login(claims: Claims): string {
  return JSON.stringify({ type: 'authenticate', token: token(claims) });
}

/** Ann's token, so many seconds of life. */
function ann(life: number, more: Claims = {}): Claims {
  return { ...CLAIMS, exp: seconds(life), ...more };
}

/** Clocks tick while a test runs. */
function isTenMinutes(seconds: number): void {
  should(seconds).be.within(590, 600);
}

/** Goes on once told to. */
class Held {
  readonly #waiting: (() => void)[] = [];
  readonly #isHeld: (count: number) => boolean;
  #count = 0;

  /** @param isHeld the first to be asked is number 1 */
  constructor(isHeld: (count: number) => boolean) {
    this.#isHeld = isHeld;
  }

  readonly middleware: Middleware = (_, next) => {
    this.#count += 1;
    if (this.#isHeld(this.#count)) this.#waiting.push(next);
    else next();
  };

  release(): void {
    for (const next of this.#waiting) next();
  }
}

/** A peer that was let in with these claims. */
async function renewing(
  claims: Claims,
  perform: (peer: SocketClient, target: Target) => Promise<void>,
  options: TargetOptions = {},
): Promise<void> {
  await attack({ properties, ...options }, async (target) => {
    await perform(await target.open(token(claims)), target);
    should(JSON.stringify(target.messages)).not.containEql('authenticate');
  });
}

describe('hostile: a peer that shows another token', () => {
  it('of a longer life: it goes on, and the flow sees nothing of it', () =>
    renewing(ann(60), async (peer, target) => {
      const renewed = target.listener.next('renewed');
      peer.send(login(ann(600)));
      should(await peer.nextJson()).match({ type: 'authenticated', expiresIn: isTenMinutes });
      should(await renewed).match({ expiresIn: isTenMinutes, session: { subject: 'ann', tenantId: 'acme' } });
      peer.send(login(CLAIMS)); // it never expires
      should(await peer.nextJson()).eql({ type: 'authenticated', expiresIn: null });
    }));

  const OTHERS: [string, Claims][] = [
    ['another subject', { sub: 'bob' }],
    ['no subject', { sub: undefined }],
    ['another tenant', { tenant_id: 'other' }],
    ['another issuer', { iss: 'https://evil.test' }],
  ];
  for (const [what, claims] of OTHERS) {
    it(`of ${what}: 4403`, () =>
      renewing(ann(60), async (peer) => {
        peer.send(login(ann(600, claims)));
        should(await peer.closed).eql({ code: 4403, reason: 'identity changed' });
      }));
  }

  it('that is of no use: it goes on with the one it has', () =>
    renewing(ann(600), async (peer, target) => {
      for (const [claims, error] of [
        [ann(600), 'token_invalid'],
        [ann(60), 'token_invalid'],
        [ann(-60), 'token_expired'],
        [{ sub: 'ann', exp: seconds(900) }, 'tenant_missing'],
      ] as const) {
        peer.send(login(claims));
        should(await peer.nextJson()).eql({ type: 'unauthorized', error });
      }
      should(await target.listener.messageFrom(peer)).match({ payload: 'hello' });
      target.messages.length = 0;
    }));

  it('eleven times in a minute: 4429', () =>
    renewing(ann(60), async (peer) => {
      for (let count = 0; count < 10; count += 1) {
        peer.send(login(ann(100 + count)));
        should(await peer.nextJson()).match({ type: 'authenticated' });
      }
      peer.send(login(ann(900)));
      should(await peer.closed).eql({ code: 4429, reason: 'too many renewals' });
    }));

  it('while the one before is looked at: 4429', () => {
    const held = new Held((count) => count > 1);
    return renewing(
      ann(60),
      async (peer) => {
        peer.send(login(ann(100)));
        peer.send(login(ann(200)));
        should((await peer.closed).code).equal(4429);
        held.release();
        should(peer.unread).equal(0);
      },
      { middleware: [held.middleware], bystander: null },
    );
  });

  it('while flows are deployed: it is closed, and not renewed', () => {
    const held = new Held((count) => count > 1);
    return renewing(
      ann(60),
      async (peer, target) => {
        const events: EndpointEvent['kind'][] = [];
        target.listener.listener.observe(({ kind }) => events.push(kind));
        peer.send(login(ann(600)));
        await peer.drained();
        target.listener.listener.setOwner(false);
        held.release();
        should((await peer.closed).code).equal(1012);
        target.listener.listener.setOwner(true);
        should(events).not.containEql('renewed');
        should(peer.unread).equal(0);
      },
      { middleware: [held.middleware], bystander: null },
    );
  });

  it('at the moment of expiry: the old one ends it', () => {
    const held = new Held((count) => count > 1);
    return renewing(
      ann(1, { exp: seconds(1) + 0.3 }),
      async (peer) => {
        peer.send(login(ann(600)));
        should(await peer.closed).eql({ code: 4401, reason: 'token expired' });
        held.release();
        should(peer.unread).equal(0);
      },
      { middleware: [held.middleware], bystander: null, expiryWarningMs: 0 },
    );
  });

  it('in time: the end of the old one does not come', () =>
    renewing(
      ann(1, { exp: seconds(1) + 0.3 }),
      async (peer, target) => {
        const expiring = target.listener.next('expiring');
        should(await peer.nextJson()).match({ type: 'expiring' });
        should(await expiring).match({ session: { subject: 'ann' } });
        peer.send(login(ann(2)));
        should(await peer.nextJson()).match({ type: 'authenticated' });
        should(await peer.nextJson()).match({ type: 'expiring' });
        should(await peer.closed).eql({ code: 4401, reason: 'token expired' });
      },
      { expiryWarningMs: 500 },
    ));

  it('where the source is off: it is the message of a flow', () =>
    attack({}, async (target) => {
      const peer = await target.open(token(ann(60)));
      const text = login(ann(600));
      should(await target.listener.messageFrom(peer, text)).match({ payload: text });
    }));

  it('or something that only looks like it: it is the message of a flow', () =>
    attack({ properties }, async (target) => {
      const peer = await target.open(token(ann(60)));
      for (const text of [
        'authenticate',
        '{"type":"authenticate"}',
        '{"type":"authenticate","token":1}',
        'null',
      ]) {
        should(await target.listener.messageFrom(peer, text)).match({ payload: text });
      }
      should(await target.listener.messageFrom(peer, Buffer.from(login(ann(600))))).match({
        payload: Buffer.from(login(ann(600))),
      });
    }));
});

describe('a token that is about to expire', () => {
  it('is an event where its peer is told nothing', () =>
    attack({ expiryWarningMs: 60_000 }, async (target) => {
      const expiring = target.listener.next('expiring');
      const peer = await target.open(token(ann(1, { exp: seconds(1) + 0.3 })));
      should(await expiring).match({ session: { subject: 'ann' } });
      should((await peer.closed).code).equal(4401);
      should(peer.unread).equal(0);
    }));
});
