import { generateKeyPairSync } from 'node:crypto';
import should from 'should';
import { ConfigurationError } from '../../src/config/codes.js';
import type { Issuer } from '../../src/keys/issuer.js';
import type { KeysFunctions } from '../../src/keys/keys-function.js';
import { issuer } from '../support/core/issuers.js';
import { JwksServer } from '../support/core/jwks-server.js';
import { TimerWatch } from '../support/core/timer-watch.js';
import {
  CLAIMS,
  type Claims,
  OTHER_SECRET,
  SECRET,
  type Signer,
  seconds,
  signer,
  token,
} from '../support/core/tokens.js';
import { attack, type Target } from '../support/hostile/target.js';

const A = 'https://a.example';
const B = 'https://b.example';
const BY_ISSUERS = { jwtValidation: 'issuers', issuer: 'a', issuer2: 'b' };

function claims(iss: unknown, more: Claims = {}): Claims {
  return { ...CLAIMS, exp: seconds(600), iss, ...more };
}

/** The code of the problem that a configuration is refused with. */
function problem(make: () => unknown): string {
  try {
    make();
    return 'none';
  } catch (error) {
    return error instanceof ConfigurationError ? error.code : String(error);
  }
}

describe('hostile: issuers', () => {
  let a: Signer;
  let b: Signer;
  let setA: JwksServer;
  let setB: JwksServer;
  let issuers: Issuer[] = [];

  /** Attacks a listener with the issuers A and B, and with those that `others` adds. */
  async function attackBoth(
    { properties = BY_ISSUERS, others = [] }: { properties?: Claims; others?: readonly Issuer[] },
    bystander: string,
    perform: (target: Target) => Promise<void>,
  ): Promise<void> {
    const timers = new TimerWatch();
    issuers = [
      issuer('a', { issuer: A, keysFrom: 'jwks', jwksUri: setA.uri }),
      issuer('b', { issuer: B, keysFrom: 'jwks', jwksUri: setB.uri }),
    ];
    const fetched = issuers.map(
      (one) =>
        new Promise<void>((resolve) => one.observe(({ kind }) => kind === 'keys-fetched' && resolve())),
    );
    await Promise.all(fetched);
    await attack({ properties, issuers: [...issuers, ...others], bystander }, perform, timers);
  }
  before(async () => {
    [a, b] = await Promise.all([signer('RS256', 'same'), signer('RS256', 'same')]);
    setA = await JwksServer.start([a.jwk]);
    setB = await JwksServer.start([b.jwk]);
  });
  after(async () => {
    await setA.stop();
    await setB.stop();
  });
  afterEach(() => {
    for (const one of issuers) one.close();
  });

  const rows: [what: string, make: () => Promise<string> | string, answer: string][] = [
    ['a token of A', () => a.sign(claims(A)), '101'],
    ['a token of B, though both sets have its key id', () => b.sign(claims(B)), '101'],
    ["a token of A that is signed with B's key", () => b.sign(claims(A)), '401 token_invalid'],
    ["a token of B that is signed with A's key", () => a.sign(claims(B)), '401 token_invalid'],
    ['an iss with a trailing slash', () => a.sign(claims(`${A}/`)), '401 token_invalid'],
    ['an iss in capitals', () => a.sign(claims(A.toUpperCase())), '401 token_invalid'],
    ['an iss that is a list', () => a.sign(claims([A])), '401 token_invalid'],
    ['an iss that is an object', () => a.sign(claims({ [A]: A })), '401 token_invalid'],
    ['no iss', () => a.sign({ ...CLAIMS, exp: seconds(600) }), '401 token_invalid'],
    ['an iss named as a prototype', () => a.sign(claims('__proto__')), '401 token_invalid'],
    ['an iss named as a constructor', () => a.sign(claims('constructor')), '401 token_invalid'],
    ['an empty iss', () => a.sign(claims('')), '401 token_invalid'],
    ['no exp', () => a.sign({ ...CLAIMS, iss: A }), '401 token_invalid'],
    ['HS256 with a secret of anybody', () => token(claims(A)), '401 token_invalid'],
    ['claims that are no object', () => token('[]'), '401 token_invalid'],
  ];
  for (const [what, make, answer] of rows) {
    it(`answers ${answer} to ${what}`, async () => {
      const bystander = await a.sign(claims(A));
      await attackBoth({}, bystander, async (target) => {
        should(await target.answerToToken(await make())).equal(answer);
      });
    });
  }

  describe('keys that change', () => {
    let next: Signer;
    before(async () => {
      next = await signer('RS256', 'next');
    });
    afterEach(() => {
      setA.answer = JwksServer.keys([a.jwk]);
    });

    it('serves with the old keys while an issuer that changes its keys is gone, however often it is asked', async () => {
      await attackBoth({}, await a.sign(claims(A)), async (target) => {
        const fetches = setA.fetches;
        const others = setB.fetches;
        setA.answer = JwksServer.cut; // the new key is in use, and nobody can fetch it
        const fresh = await next.sign(claims(A));
        for (let n = 0; n < 20; n += 1) {
          const unknown = await next.sign(claims(A), { kid: `unknown-${n}` });
          const answers = [fresh, unknown, await a.sign(claims(A)), await b.sign(claims(B))].map((jwt) =>
            target.answerToToken(jwt),
          );
          should(await Promise.all(answers)).eql(['401 token_invalid', '401 token_invalid', '101', '101']);
        }
        should(setA.fetches - fetches).be.within(1, 2); // the first miss, and after a second another attempt
        should(setB.fetches).equal(others);
        const back = target.listener.next('keys-recovered');
        setA.answer = JwksServer.keys([next.jwk, a.jwk]);
        await back;
        should(await target.answerToToken(fresh)).equal('101');
        should(await target.answerToToken(await a.sign(claims(A)))).equal('101');
      });
    });

    it('keeps its own key where an issuer comes to use a key id of another', async () => {
      const alias = { ...next.jwk, kid: 'same' };
      await attackBoth({}, await a.sign(claims(A)), async (target) => {
        setA.answer = JwksServer.keys([alias]); // replaced, under the id that B has, too
        should(await target.answerToToken(await next.sign(claims(A), { kid: 'same' }))).equal('101');
        should(await target.answerToToken(await next.sign(claims(B), { kid: 'same' }))).equal(
          '401 token_invalid',
        );
        should(await target.answerToToken(await b.sign(claims(A)))).equal('401 token_invalid');
        should(await target.answerToToken(await b.sign(claims(B)))).equal('101');
        should(await target.answerToToken(await a.sign(claims(A)))).equal('401 token_invalid');
      });
    });

    it('never asks one issuer for a key id that a token of another names', async () => {
      await attackBoth({}, await a.sign(claims(A)), async (target) => {
        const [ofA, ofB] = [setA.fetches, setB.fetches];
        const unknown = await next.sign(claims(B));
        should(await target.answerToToken(unknown)).equal('401 token_invalid');
        should(await target.answerToToken(unknown)).equal('401 token_invalid');
        should([setA.fetches - ofA, setB.fetches - ofB]).eql([0, 1]);
      });
    });
  });

  it('lets alg choose where one issuer is moving away from a secret, and iss only there', async () => {
    const others = [issuer('s', { issuer: A, keysFrom: 'secret', secret: SECRET })];
    const properties = { ...BY_ISSUERS, issuer2: 's' };
    await attackBoth({ properties, others }, await a.sign(claims(A)), async (target) => {
      should(await target.answerToToken(token(claims(A)))).equal('101');
      should(await target.answerToToken(token(claims(A), { secret: OTHER_SECRET }))).equal(
        '401 token_invalid',
      );
      should(await target.answerToToken(token(claims(A), { header: { alg: 'HS384' } }))).equal(
        '401 token_invalid',
      );
      should(await target.answerToToken(token(claims(B)))).equal('401 token_invalid');
      should(await target.answerToToken(await b.sign(claims(A)))).equal('401 token_invalid');
    });
  });

  it('gives an issuer without a name only what no other claims', async () => {
    const others = [issuer('rest', { issuer: '', keysFrom: 'secret', secret: SECRET })];
    const properties = { ...BY_ISSUERS, issuer2: 'rest' };
    await attackBoth({ properties, others }, await a.sign(claims(A)), async (target) => {
      should(await target.answerToToken(token(claims('https://c.example')))).equal('101');
      should(await target.answerToToken(token({ ...CLAIMS, exp: seconds(60) }))).equal('101');
      should(await target.answerToToken(token(claims(A)))).equal('401 token_invalid');
      should(await target.answerToToken(token(claims([A])))).equal('401 token_invalid');
    });
  });

  it('fills placeholders with claims, none of which can leave its place', async () => {
    const template = issuer('t', {
      issuer: `${A}/{tid}/v2.0`,
      keysFrom: 'static',
      publicKey: JSON.stringify(a.jwk),
    });
    const properties = { jwtValidation: 'issuers', issuer: 't' };
    const good = await a.sign(claims(`${A}/one/v2.0`, { tid: 'one' }));
    await attack({ properties, issuers: [template], bystander: good }, async (target) => {
      should(await target.answerToToken(good)).equal('101');
      for (const [iss, tid] of [
        [`${A}/one/v2.0`, 'two'],
        [`${A}/one/two/v2.0`, 'one/two'],
        [`${A}/{tid}/v2.0`, '{tid}'],
        [`${A}//v2.0`, ''],
        [`${A}/undefined/v2.0`, undefined],
        [`${A}/7/v2.0`, 7],
      ] as const) {
        should(await target.answerToToken(await a.sign(claims(iss, { tid })))).equal(
          '401 token_invalid',
          iss,
        );
      }
    });
  });

  it('answers 403 where it is known who comes, and that one may not', async () => {
    const strict = issuer('a', {
      issuer: A,
      keysFrom: 'static',
      publicKey: JSON.stringify(a.jwk),
      tenants: 'acme',
      claims: [{ claim: 'scope', rule: 'includes', value: 'ws' }],
    });
    const properties = { jwtValidation: 'issuers', issuer: 'a' };
    const bystander = await a.sign(claims(A, { scope: 'ws' }));
    await attack({ properties, issuers: [strict], bystander }, async (target) => {
      should(await target.answerToToken(await a.sign(claims(A)))).equal('403 forbidden');
      const other = await a.sign(claims(A, { scope: 'ws', tenant_id: 'house' }));
      should(await target.answerToToken(other)).equal('403 forbidden');
    });
  });

  it('accepts a previous secret until its end, and not a moment longer', async () => {
    const secrets = { keysFrom: 'secret', secret: SECRET, previousSecret: OTHER_SECRET };
    for (const [previousUntil, answer] of [
      [new Date(Date.now() + 60_000).toISOString(), '101'],
      [new Date(Date.now() - 1).toISOString(), '401 token_invalid'],
    ] as const) {
      const one = issuer('s', { ...secrets, previousUntil });
      const properties = { jwtValidation: 'issuers', issuer: 's' };
      await attack({ properties, issuers: [one], bystander: token() }, async (target) => {
        should(await target.answerToToken(token(undefined, { secret: OTHER_SECRET }))).equal(answer);
      });
    }
  });

  it('refuses to serve with two issuers for the same tokens', async () => {
    const { ListenerServer } = await import('../support/core/listener-server.js');
    const twins = (x: string, y: string) => [
      issuer('a', { issuer: x, keysFrom: 'secret', secret: SECRET }),
      issuer('b', { issuer: y, keysFrom: 'secret', secret: OTHER_SECRET }),
    ];
    for (const [x, y] of [
      [A, A],
      ['', ''],
      [`${A}/{tid}`, `${A}/{tenantid}`],
    ] as const) {
      await should(ListenerServer.start({ properties: BY_ISSUERS, issuers: twins(x, y) })).be.rejectedWith({
        code: 'issuers-same',
      });
    }
    await should(ListenerServer.start({ properties: BY_ISSUERS, issuers: [] })).be.rejectedWith({
      code: 'issuer-broken',
    });
  });

  describe('keys that a function finds', () => {
    const edwards = generateKeyPairSync('ed25519').publicKey;
    const functions: [what: string, find: unknown, answer: string][] = [
      ['gives a JWK', () => a.jwk, '101'],
      ['gives a promise of a JWK as text', async () => JSON.stringify(a.jwk), '101'],
      ['gives null', () => null, '401 token_invalid'],
      ['gives the key of another', () => b.jwk, '401 token_invalid'],
      [
        'throws',
        () => {
          throw new Error(SECRET);
        },
        '500 verification_failed',
      ],
      ['rejects', () => Promise.reject(new Error(SECRET)), '500 verification_failed'],
      ['hangs', () => new Promise(() => {}), '503 handshake_timeout'],
      ['gives nothing', () => undefined, '500 verification_failed'],
      ['gives a secret where keys are public', () => SECRET, '500 verification_failed'],
      ['gives a key of another kind', () => edwards, '500 verification_failed'],
    ];
    for (const [what, find, answer] of functions) {
      it(`answers ${answer} where it ${what}`, async () => {
        const settings = { functions: { find } as KeysFunctions };
        const one = issuer('f', { issuer: A, keysFrom: 'function', keysFunction: 'find' }, settings);
        const properties = { jwtValidation: 'issuers', issuer: 'f' };
        await attack({ properties, issuers: [one], bystander: null, timeoutMs: 300 }, async (target) => {
          should(await target.answerToToken(await a.sign(claims(A)))).equal(answer);
        });
      });
    }

    it('is told header, claims and path, and cannot be one that settings.js does not have', async () => {
      const asked: unknown[] = [];
      const functions = {
        find: (question: unknown) => {
          asked.push(question);
          return SECRET;
        },
      };
      const raw = { issuer: A, keysFrom: 'function', keysFunction: 'find', algorithms: ['HS256'] };
      const one = issuer('f', raw, { functions });
      const properties = { jwtValidation: 'issuers', issuer: 'f' };
      await attack({ properties, issuers: [one], bystander: null }, async (target) => {
        const said = claims(A);
        should(await target.answerToToken(token(said))).equal('101');
        should(asked).eql([{ header: { alg: 'HS256', typ: 'JWT' }, claims: said, path: '/ws' }]);
      });
      for (const name of ['other', 'constructor', '__proto__']) {
        should(problem(() => issuer('f', { ...raw, keysFunction: name }, { functions }))).equal(
          'keys-function',
        );
      }
    });
  });
});
