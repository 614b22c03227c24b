import { array, assert, constantFrom, integer, option, property, record } from 'fast-check';
import should from 'should';
import { Rejection } from '../../../src/handshake/rejection.js';
import type { Revocation, RevocationEntry } from '../../../src/sessions/revocation.js';
import { MAX_REVOCATIONS } from '../../../src/sessions/revocation-set.js';
import { Revocations } from '../../../src/sessions/revocations.js';
import type { TokenSelector } from '../../../src/sessions/selector.js';
import { type Identity, verifiedIdentity } from '../../../src/token/identity.js';
import { memoryStore } from '../../support/core/memory-store.js';

/** In seconds, as tokens count. */
const NOW = 1_000_000;

function identity(claims: Record<string, unknown>, tenantId = 'acme'): Identity {
  return verifiedIdentity({ sub: 'ann', ...claims }, tenantId);
}

/** Revocations with a clock that a test moves. */
async function world(stored?: unknown) {
  const store = memoryStore(stored);
  const clock = { seconds: NOW };
  let failures = 0;
  const revocations = new Revocations(
    store,
    () => {
      failures += 1;
    },
    { now: () => clock.seconds * 1000 },
  );
  await revocations.loading;
  const refuses = (who: Identity) => {
    try {
      revocations.check(who);
      return false;
    } catch (error) {
      should(error).be.instanceOf(Rejection).and.match({ code: 'token_revoked', status: 401 });
      return true;
    }
  };
  const restore = (tokens: TokenSelector) => revocations.take(revocations.restoration(tokens));
  return { store, clock, revocations, refuses, restore, failures: () => failures };
}

describe('src/sessions/revocations', () => {
  it('refuses what was issued until now, and what does not say when it was', async () => {
    const { revocations, refuses } = await world();
    revocations.add({ subject: 'ann' }, 60);
    should(refuses(identity({ iat: NOW - 1 }))).equal(true);
    should(refuses(identity({ iat: NOW }))).equal(true);
    should(refuses(identity({}))).equal(true);
    should(refuses(identity({ iat: 'soon' }))).equal(true);
    should(refuses(identity({ iat: NOW + 1 }))).equal(false);
    should(refuses(identity({ sub: 'bob' }))).equal(false);
  });

  it('refuses a token that it knows by its jti whenever that was issued', async () => {
    const { revocations, refuses } = await world();
    revocations.add({ jti: 'a' }, 60);
    should(refuses(identity({ jti: 'a', iat: NOW + 10 }))).equal(true);
    should(refuses(identity({ jti: 'b', iat: NOW - 10 }))).equal(false);
    should(refuses(identity({ jti: ['a'] }))).equal(false);
  });

  it('ends by itself, and is taken back by exactly what it was made with', async () => {
    const { clock, revocations, refuses, restore } = await world();
    revocations.add({ subject: 'ann', tenantId: 'acme' }, 60);
    should(restore({ subject: 'ann' })).equal(false);
    should(refuses(identity({}))).equal(true);
    should(refuses(identity({}, 'other'))).equal(false);
    clock.seconds += 60;
    should(refuses(identity({}))).equal(false);
    should(restore({ subject: 'ann', tenantId: 'acme' })).equal(false);
    revocations.add({ subject: 'ann' }, 60);
    should(restore({ subject: 'ann' })).equal(true);
    should(refuses(identity({}))).equal(false);
  });

  it('is never shortened by another one', async () => {
    const { revocations } = await world();
    revocations.add({ subject: 'ann' }, 600);
    should(revocations.add({ subject: 'ann' }, 1).until).equal((NOW + 600) * 1000);
    should(revocations.list().length).equal(1);
  });

  it('survives in its store, without what has ended and without what is none', async () => {
    const first = await world();
    first.revocations.add({ subject: 'ann' }, 60);
    first.revocations.add({ tenantId: null, jti: 'x' }, 1);
    await Promise.all([first.revocations.save(), first.revocations.save()]);
    should(first.store.saved.length).equal(1);
    const stored: unknown[] = [
      ...(first.store.saved[0] ?? []),
      null,
      'x',
      {},
      { subject: 1, before: 1, until: 1e15 },
    ];
    const second = await world(stored);
    should(second.revocations.list().length).equal(2);
    second.clock.seconds += 1;
    should(second.revocations.list()).match([{ subject: 'ann' }]);
    should(second.refuses(identity({}))).equal(true);
  });

  it('saves what was added while it saved, and says when that is done', async () => {
    const saves: { readonly entries: readonly RevocationEntry[]; done(): void }[] = [];
    const revocations = new Revocations(
      {
        load: async () => undefined,
        save: (entries) => new Promise((done) => saves.push({ entries, done })),
      },
      () => {},
    );
    await revocations.loading;
    revocations.add({ subject: 'a' }, 60);
    const first = revocations.save();
    await Promise.resolve();
    revocations.add({ subject: 'b' }, 60);
    const second = revocations.save();
    revocations.add({ subject: 'c' }, 60);
    should(revocations.save()).equal(second);
    saves[0]?.done();
    await first;
    await Promise.resolve();
    should(saves.map(({ entries }) => entries.length)).eql([1, 3]);
    saves[1]?.done();
    await second;
    await revocations.settled();
  });

  it('lets nobody in while it cannot be loaded, tries again with the next, and says so each time', async () => {
    let works = false;
    let failures = 0;
    const revocations = new Revocations(
      {
        load: async () => {
          if (!works) throw new Error('no disk');
          return [];
        },
        save: async () => {},
      },
      () => {
        failures += 1;
      },
    );
    await should(Promise.resolve(revocations.loading)).rejectedWith({ code: 'unavailable', status: 503 });
    await should(Promise.resolve(revocations.loading)).rejectedWith({ code: 'unavailable' });
    should(failures).equal(2);
    works = true;
    await revocations.loading;
    should(revocations.loading).equal(undefined);
  });

  it('keeps 100,000 and no more, drops those that have ended first, and checks quickly', async () => {
    const now = NOW * 1000;
    const stored = Array.from({ length: MAX_REVOCATIONS + 10 }, (_, index) => ({
      jti: String(index),
      before: now,
      until: now + (index < 10 ? 1000 : 60_000),
    }));
    const { clock, revocations, refuses } = await world(stored);
    should(() => revocations.add({ subject: 'ann' }, 60)).throw({ code: 'revocations-full' });
    clock.seconds += 1;
    revocations.add({ subject: 'ann' }, 60);
    should(revocations.list().length).equal(MAX_REVOCATIONS - 9);
    const started = performance.now();
    for (let i = 0; i < 10_000; i += 1) refuses(identity({ sub: 'bob', jti: `none ${i}` }));
    should((performance.now() - started) / 10_000).be.below(0.1); // milliseconds each, on whatever machine
  });

  it('agrees with a plain list of rules, for any revocations and any token', () => {
    const name = option(constantFrom('a', 'b', 'null', ''), { nil: undefined });
    const selector = record({
      subject: name,
      tenantId: option(constantFrom('a', 'b', 'null', null), { nil: undefined }),
      jti: name,
    });
    const revocation = record({
      selector,
      at: integer({ min: 0, max: 20 }),
      seconds: integer({ min: 1, max: 20 }),
    });
    const someone = record({
      sub: name,
      jti: name,
      tenantId: constantFrom('a', 'b', 'null'),
      iat: integer({ min: 0, max: 40 }),
    });
    assert(
      property(array(revocation, { maxLength: 8 }), someone, integer({ min: 0, max: 40 }), (all, who, at) => {
        let now = 0;
        const revocations = new Revocations(memoryStore(), () => {}, { now: () => now * 1000 });
        const rules: Revocation[] = [];
        for (const { selector, at: when, seconds } of [...all].sort((one, other) => one.at - other.at)) {
          const given: TokenSelector = defined(selector);
          if (Object.keys(given).length === 0) continue;
          now = when;
          rules.push(revocations.add(given, seconds));
        }
        now = Math.max(now, at);
        const { tenantId, ...claims } = who;
        const shown = verifiedIdentity(defined(claims), tenantId);
        const refused = rules.some((rule) => applies(rule, shown, now * 1000));
        if (refused) should(() => revocations.check(shown)).throw({ code: 'token_revoked' });
        else revocations.check(shown);
      }),
      { numRuns: 500 },
    );
  });
});

function defined(given: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function applies(rule: Revocation, { subject, tenantId, claims }: Identity, nowMs: number): boolean {
  if (rule.until <= nowMs) return false;
  if (rule.subject !== undefined && rule.subject !== subject) return false;
  if (rule.tenantId !== undefined && rule.tenantId !== tenantId) return false;
  if (rule.jti !== undefined) return rule.jti === claims.jti;
  return (claims.iat as number) * 1000 <= rule.before;
}
