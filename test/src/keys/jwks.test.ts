import { once } from 'node:events';
import { createServer } from 'node:http';
import fc from 'fast-check';
import should from 'should';
import type { KeysEvent } from '../../../src/events/events.js';
import { type JwksTiming, jwks } from '../../../src/keys/jwks.js';
import type { Keys } from '../../../src/keys/keys.js';
import { createVerifyToken } from '../../../src/token/verify-token.js';
import { JwksServer } from '../../support/core/jwks-server.js';
import { type Signer, signer } from '../../support/core/tokens.js';

const SLOW: JwksTiming = {
  refreshMs: 600_000,
  cooldownMs: 30_000,
  minBackoffMs: 60_000,
  maxBackoffMs: 60_000,
  timeoutMs: 4000,
};

describe('src/keys/jwks', () => {
  let old: Signer;
  let next: Signer;
  let endpoint: JwksServer;
  let keys: Keys | undefined;
  let failures: string[];
  let recoveries: number;

  before(async () => {
    old = await signer('RS256', 'old');
    next = await signer('ES256', 'next');
  });
  beforeEach(async () => {
    endpoint = await JwksServer.start([old.jwk]);
    failures = [];
    recoveries = 0;
  });
  afterEach(async () => {
    keys?.close();
    await endpoint.stop();
  });

  function start(timing: Partial<JwksTiming> = {}, uri: string = endpoint.uri) {
    const report = (event: KeysEvent) => {
      if (event.kind === 'keys-failed') failures.push(event.code);
      if (event.kind === 'keys-recovered') recoveries += 1;
    };
    const opened = jwks(uri, report, { ...SLOW, ...timing });
    keys = opened;
    const verify = createVerifyToken({ keys: opened, tenant: { kind: 'claim', name: 'tenant_id' } });
    return async (jwt: string) =>
      (async () => verify(jwt))().then(
        () => 'accepted',
        (error: { code: string }) => error.code,
      );
  }

  it('fetches at once, and not again for known key ids', async () => {
    const asked = endpoint.asked();
    const check = start();
    await asked;
    const jwt = await old.sign();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => check(jwt)));
    should(outcomes).eql(Array(50).fill('accepted'));
    should(endpoint.fetches).equal(1);
  });

  it('refetches for the first unknown key id after the start, though the set is new', async () => {
    const check = start();
    should(await check(await old.sign())).equal('accepted');
    endpoint.answer = JwksServer.keys([old.jwk, next.jwk]);
    should(await check(await next.sign())).equal('accepted');
    should(endpoint.fetches).equal(2);
  });

  it('makes one fetch of 200 unknown key ids, and none more until the cool-down is over', async () => {
    const check = start();
    await check(await old.sign());
    const strangers = await Promise.all(
      Array.from({ length: 200 }, (_, i) => old.sign(undefined, { kid: `k${i}` })),
    );
    should(await Promise.all(strangers.map(check))).eql(Array(200).fill('token_invalid'));
    should(endpoint.fetches).equal(2);
    endpoint.answer = JwksServer.keys([next.jwk]);
    should(await check(await next.sign())).equal('token_invalid');
    should(endpoint.fetches).equal(2);
  });

  it('refetches for an unknown key id again after the cool-down', async () => {
    const check = start({ cooldownMs: 0 });
    await check(await old.sign());
    should(await check(await next.sign())).equal('token_invalid');
    endpoint.answer = JwksServer.keys([next.jwk]);
    should(await check(await next.sign())).equal('accepted');
    should(await check(await old.sign())).equal('token_invalid');
  });

  for (const [what, kid] of [
    ['under the same id', 'old'],
    ['without an id', undefined],
  ] as const) {
    it(`finds a key that was replaced ${what}, also the second time`, async () => {
      const generations = await Promise.all([1, 2, 3].map(() => signer('ES256', kid)));
      endpoint.answer = JwksServer.keys(generations.slice(0, 1).map(({ jwk }) => jwk));
      const check = start({ cooldownMs: 0 });
      for (const { jwk, sign } of generations) {
        endpoint.answer = JwksServer.keys([jwk]);
        should(await check(await sign())).equal('accepted');
      }
    });
  }

  it('finds keys without ids that were replaced, among several', async () => {
    const before = await Promise.all([1, 2].map(() => signer('ES256', undefined)));
    const after = await Promise.all([1, 2].map(() => signer('ES256', undefined)));
    endpoint.answer = JwksServer.keys(before.map(({ jwk }) => jwk));
    const check = start();
    for (const one of before) should(await check(await one.sign())).equal('accepted');
    endpoint.answer = JwksServer.keys(after.map(({ jwk }) => jwk));
    for (const one of after) should(await check(await one.sign())).equal('accepted');
    for (const one of before) should(await check(await one.sign())).equal('token_invalid');
    should(endpoint.fetches).equal(2);
  });

  it('fetches once in a cool-down, however forged signatures and unknown key ids are mixed', async () => {
    const forger = await signer('RS256', 'old');
    const tokens = [
      await old.sign(),
      await forger.sign(),
      await forger.sign(undefined, { kid: undefined }),
      await forger.sign(undefined, { kid: 'unknown' }),
      await next.sign(),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(tokens.length - 1), { minLength: 1 }),
        fc.boolean(),
        async (picks, atOnce) => {
          endpoint.fetches = 0;
          const check = start();
          const outcomes: string[] = [];
          const checks = picks.map(
            (pick) => () => check(String(tokens[pick])).then((one) => outcomes.push(one)),
          );
          if (atOnce) await Promise.all(checks.map((one) => one()));
          else for (const one of checks) await one();
          keys?.close();
          const good = picks.filter((pick) => pick === 0).length;
          should(outcomes.filter((one) => one === 'accepted').length).equal(good);
          should(endpoint.fetches).be.belowOrEqual(2);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('asks an endpoint that fails no sooner because of an unknown key id', async () => {
    const check = start({ cooldownMs: 0 });
    await check(await old.sign());
    endpoint.answer = JwksServer.status(500);
    for (let i = 0; i < 5; i += 1) should(await check(await next.sign())).equal('token_invalid');
    should(endpoint.fetches).equal(2);
    should(failures).eql(['jwks-status']);
  });

  it('refreshes by itself, and then refuses a key that was taken out of the set', async () => {
    const check = start({ refreshMs: 20, cooldownMs: 1e9 });
    const jwt = await old.sign();
    should(await check(jwt)).equal('accepted');
    endpoint.answer = JwksServer.keys([next.jwk]);
    await endpoint.asked();
    await endpoint.asked();
    should(await check(jwt)).equal('token_invalid');
  });

  for (const [what, answer, code] of [
    ['cuts the connection', JwksServer.cut, 'jwks-unreachable'],
    ['answers 500', JwksServer.status(500), 'jwks-status'],
    ['redirects', JwksServer.status(302, { location: 'http://127.0.0.1:1/' }), 'jwks-redirect'],
    ['answers no JSON', JwksServer.body('<html>'), 'jwks-malformed'],
    ['answers no key set', JwksServer.body('{"keys":{}}'), 'jwks-malformed'],
    ['answers null', JwksServer.body('null'), 'jwks-malformed'],
    [
      'answers more than 1 MiB',
      JwksServer.body(`{"keys":[],"x":"${'x'.repeat(1024 * 1024)}"}`),
      'jwks-too-large',
    ],
    ['answers too many keys', JwksServer.body(`{"keys":[${Array(1000).fill('{}')}]}`), 'jwks-too-large'],
  ] as const) {
    it(`keeps the last good keys when the endpoint ${what}`, async () => {
      const check = start({ refreshMs: 1 });
      const jwt = await old.sign();
      should(await check(jwt)).equal('accepted');
      const fetches = endpoint.fetches;
      endpoint.answer = answer;
      await endpoint.asked();
      should(await check(await next.sign())).equal('token_invalid'); // waits for the fetch in flight
      should(await check(jwt)).equal('accepted');
      should(failures).eql([code]);
      should(endpoint.fetches).be.belowOrEqual(fetches + 2);
    });
  }

  it('uses the good keys of a set whatever else is in it', async () => {
    endpoint.answer = JwksServer.keys([null, 7, 'key', [], [{}], {}, { kty: 'unknown' }, old.jwk]);
    should(await start()(await old.sign())).equal('accepted');
    should(failures).eql([]);
  });

  it('has no keys when no set was ever fetched, asks no more often for more visitors, and recovers by itself', async () => {
    endpoint.answer = JwksServer.status(500);
    const check = start({ minBackoffMs: 50, maxBackoffMs: 100 });
    const jwt = await old.sign();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => check(jwt)));
    should(outcomes).eql(Array(20).fill('keys_unavailable'));
    should(endpoint.fetches).equal(1);
    should(failures).eql(['jwks-status']);
    endpoint.answer = JwksServer.keys([old.jwk]);
    await endpoint.asked();
    should(await check(jwt)).equal('accepted');
    should(failures).eql(['jwks-status']);
    should(recoveries).equal(1);
  });

  it('gives up on an endpoint that hangs, and on one that drips', async () => {
    for (const answer of [JwksServer.hang, drip]) {
      endpoint.answer = answer;
      should(await start({ timeoutMs: 100 })(await old.sign())).equal('keys_unavailable');
      keys?.close();
    }
    should(failures).eql(['jwks-timeout', 'jwks-timeout']);
  });

  it('does not follow a redirect', async () => {
    const trap = await JwksServer.start([old.jwk]);
    endpoint.answer = JwksServer.status(307, { location: trap.uri });
    should(await start()(await old.sign())).equal('keys_unavailable');
    should(trap.fetches).equal(0);
    await trap.stop();
  });

  it('says that nobody is there', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    should(await start({}, `http://127.0.0.1:${port}/`)(await old.sign())).equal('keys_unavailable');
    should(failures).eql(['jwks-unreachable']);
  });

  it('leaves no timer and no request when it is closed', async () => {
    endpoint.answer = JwksServer.hang;
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    await null; // mocha's own timer starts when a test returns its promise
    const before = timers();
    const asked = endpoint.asked();
    const check = start();
    await asked;
    const pending = check(await old.sign());
    keys?.close();
    should(await pending).equal('keys_unavailable');
    should(timers()).equal(before);
    should(failures).eql([]);
  });
});

function drip(
  _request: unknown,
  response: { write(text: string): boolean; on(event: string, f: () => void): void },
) {
  response.write('{"keys":[');
  const timer = setInterval(() => response.write(' '), 50);
  response.on('close', () => clearInterval(timer));
}
