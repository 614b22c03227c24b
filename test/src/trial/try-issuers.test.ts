import should from 'should';
import { parseListenerOptions } from '../../../src/config/listener-options.js';
import type { RawProperties } from '../../../src/config/schema.js';
import type { Issuer, IssuerSettings } from '../../../src/keys/issuer.js';
import { createVerifyIssued } from '../../../src/token/verify-issued.js';
import type { Check, CheckName, Trial } from '../../../src/trial/trial.js';
import { tryIssuer } from '../../../src/trial/try-issuer.js';
import { tryToken } from '../../../src/trial/try-token.js';
import { issuer } from '../../support/core/issuers.js';
import { JwksServer } from '../../support/core/jwks-server.js';
import {
  CLAIMS,
  type Claims,
  OTHER_SECRET,
  SECRET,
  type Signer,
  seconds,
  signer,
  token,
} from '../../support/core/tokens.js';

const TENANT = { kind: 'claim', name: 'tenant_id' } as const;

function check(trial: Trial, name: CheckName): Check {
  const found = trial.checks.find((one) => one.name === name);
  should.exist(found, name);
  return found as Check;
}

function outcome({ verdict }: Trial): string {
  return verdict.kind === 'refused' ? verdict.code : verdict.kind;
}

describe('src/trial: issuers', () => {
  let rsa: Signer;
  const opened: Issuer[] = [];

  before(async () => {
    rsa = await signer('RS256', 'rsa-1');
  });
  afterEach(() => {
    for (const one of opened.splice(0)) one.close();
  });

  function open(id: string, properties: RawProperties, settings?: IssuerSettings): Issuer {
    const one = issuer(id, properties, settings);
    opened.push(one);
    return one;
  }

  function listener(issuers: readonly Issuer[], properties: RawProperties = {}, timeoutMs = 4500) {
    const [one = '', two = '', three = ''] = issuers.map(({ id }) => id);
    const raw = { path: '/ws', jwtValidation: 'issuers', issuer: one, issuer2: two, issuer3: three };
    const options = parseListenerOptions({ ...raw, ...properties }, '');
    const named = issuers.map((issuer) => ({ name: `Name of ${issuer.id}`, issuer }));
    return (jwt: string) => tryToken(jwt, options, { issuers: named, handshakeTimeoutMs: timeoutMs });
  }

  function secretIssuer(properties: RawProperties = {}): Issuer {
    return open('s', { issuer: 'https://shared', keysFrom: 'secret', secret: SECRET, ...properties });
  }

  function publicIssuer(properties: RawProperties = {}): Issuer {
    const publicKey = JSON.stringify(rsa.jwk);
    return open('p', { issuer: 'https://public', keysFrom: 'static', publicKey, ...properties });
  }

  function good(claims: Claims = {}): Claims {
    return { ...CLAIMS, iss: 'https://shared', exp: seconds(60), ...claims };
  }

  it('names the one that iss chooses, and judges by its keys and its rules', async () => {
    const tried = listener([secretIssuer({ audience: 'chat' }), publicIssuer()]);
    const trial = await tried(token(good({ aud: 'chat' })));
    should(trial.checks.map(({ name, finding }) => `${name} ${finding}`)).eql([
      'form jwt',
      'chosen named',
      'algorithm allowed',
      'signature secret',
      'issuer expected',
      'audience expected',
      'not-before absent',
      'expiry future',
      'tenant exact',
    ]);
    should(check(trial, 'chosen').values).eql({ name: 'Name of s' });
    should(trial.verdict).match({ kind: 'accepted', session: { tenantId: 'acme' } });
    should(check(await tried(token(good())), 'audience')).match({ result: 'failed', finding: 'missing' });
    const other = await tried(await rsa.sign(good({ iss: 'https://public' })));
    should([outcome(other), check(other, 'chosen').values.name]).eql(['accepted', 'Name of p']);
  });

  const strangers: Record<string, [unknown, Partial<Check>]> = {
    'has none': [undefined, { finding: 'missing', values: { expected: 'https://shared, https://public' } }],
    'names nobody here': ['https://x', { finding: 'other' }],
    'differs by a slash': ['https://public/', { finding: 'slash', values: { expected: 'https://public' } }],
    'is a list': [['https://shared'], { finding: 'other' }],
  };
  for (const [what, [iss, expected]] of Object.entries(strangers)) {
    it(`says that it is the token of none of them, checks no more and verifies nothing: iss ${what}`, async () => {
      const trial = await listener([secretIssuer(), publicIssuer()])(token(good({ iss })));
      should(trial.verdict).match({ kind: 'refused', code: 'token_invalid', because: { cause: 'issuer' } });
      should(check(trial, 'chosen')).match({ result: 'failed', code: 'token_invalid', ...expected });
      should(check(trial, 'signature').result).equal('skipped');
      should(trial.content?.verified).equal(false);
    });
  }

  it('leaves a token that nobody claims to the issuer without a name', async () => {
    const trial = await listener([publicIssuer(), open('s', { keysFrom: 'secret', secret: SECRET })])(
      token(good({ iss: 'https://x' })),
    );
    should([outcome(trial), check(trial, 'chosen').values.name]).eql(['accepted', 'Name of s']);
  });

  it('decides as the handshake does, and every refusal is explained', async () => {
    const issuers = [
      secretIssuer({
        maxLifetime: '600',
        tenants: 'acme',
        claims: [{ claim: 'role', rule: 'is', value: 'admin' }],
      }),
      publicIssuer({ tokenType: 'at+jwt' }),
    ];
    const tried = listener(issuers);
    const verify = createVerifyIssued(issuers, { tenant: TENANT, path: '/ws' });
    const ofPublic = good({ iss: 'https://public' });
    const tokens = [
      token(good({ role: 'admin' })),
      token(good()),
      token(good({ role: 'admin', tenant_id: 'other' })),
      token(good({ role: 'admin', tenant_id: undefined })),
      token(good({ role: 'admin', exp: seconds(6000) })),
      token(good({ role: 'admin', exp: undefined })),
      token(good({ role: 'admin', exp: seconds(-60) })),
      token(good({ role: 'admin' }), { secret: OTHER_SECRET }),
      token(ofPublic),
      await rsa.sign(ofPublic),
      await rsa.sign(ofPublic, { typ: 'at+jwt' }),
      await rsa.sign(good({ role: 'admin' })),
      token('[]'),
      'hello',
      '',
    ];
    for (const jwt of tokens) {
      const trial = await tried(jwt);
      const decision = await (async () => verify(jwt))().then(
        () => 'accepted',
        ({ code }) => code,
      );
      should(outcome(trial)).equal(decision);
      const codes = trial.checks.flatMap((one) => (one.result === 'failed' ? [one.code] : []));
      if (decision === 'accepted') should(codes).eql([]);
      else should(codes).containEql(decision);
    }
  });

  it('recognises a token that is signed in the other way', async () => {
    const tried = listener([secretIssuer(), publicIssuer()]);
    const crossed = await tried(await rsa.sign(good()));
    should(check(crossed, 'algorithm').finding).equal('public');
    should(check(await tried(token(good({ iss: 'https://public' }))), 'algorithm').finding).equal('secret');
    const unknown = await tried(token(good(), { header: { alg: 'XS256' } }));
    should(check(unknown, 'algorithm').finding).equal('refused');
    const none = token(good({ iss: 'https://public' }), { header: { alg: 'none' } });
    should(check(await tried(none), 'algorithm').finding).equal('refused');
  });

  it('recognises an ID token where an access token is expected', async () => {
    const tried = listener([publicIssuer({ tokenType: 'at+jwt' })]);
    const claims = good({ iss: 'https://public' });
    for (const [more, header, finding] of [
      [{ at_hash: 'x' }, {}, 'id-token'],
      [{}, { typ: 'ID' }, 'id-token'],
      [{ nonce: 'x' }, {}, 'id-token'],
      [{ nonce: 'x', scope: 'chat' }, {}, 'other'],
      [{}, { typ: 'JWT' }, 'other'],
    ] as const) {
      const trial = await tried(await rsa.sign({ ...claims, ...more }, header));
      should(check(trial, 'type').finding).equal(finding);
      should(trial.verdict).match({ code: 'token_invalid', because: { cause: 'type' } });
    }
  });

  it('says how many seconds a clock is off', async () => {
    const tried = listener([secretIssuer()]);
    const early = await tried(token(good({ nbf: seconds(20), iat: seconds(20) })));
    should(check(early, 'not-before')).match({
      result: 'failed',
      finding: 'drift',
      values: { seconds: /^(19|20)$/ },
    });
    should(check(early, 'issued-at')).match({
      result: 'passed',
      finding: 'ahead',
      values: { seconds: /^(19|20)$/ },
    });
    should(check(await tried(token(good({ nbf: seconds(4000) }))), 'not-before').finding).equal('future');
  });

  it('lists the names of the claims there are where one is sought, likely ones first, and no value', async () => {
    const claims = {
      iss: 'https://shared',
      exp: seconds(60),
      email: 'x',
      app_metadata: { tenant_id: 'private' },
    };
    const trial = await listener([secretIssuer()])(token(claims));
    should(check(trial, 'tenant')).match({
      finding: 'among',
      values: { name: 'tenant_id', names: 'app_metadata.tenant_id, email, app_metadata' },
    });
    const rules = [{ claim: 'role', rule: 'exists' }];
    const ruled = await listener([secretIssuer({ claims: rules })])(
      token({ ...claims, tenant_id: 'a', role: null }),
    );
    should(check(ruled, 'claims').finding).equal('unfulfilled');
    const absent = await listener([secretIssuer({ claims: rules })])(token({ ...claims, tenant_id: 'a' }));
    should(check(absent, 'claims')).match({ finding: 'among', values: { name: 'role' } });
  });

  it('finds out how else a secret was read by whoever made the token', async () => {
    const base64 = Buffer.from(SECRET).toString('base64');
    for (const [properties, secret, values] of [
      [{ secret: base64 }, SECRET, { encoding: 'base64' }],
      [{ secret: Buffer.from(SECRET).toString('hex') }, SECRET, { encoding: 'hex' }],
      [{ secret: base64, secretEncoding: 'base64' }, base64, { encoding: 'utf8' }],
    ] as const) {
      const trial = await listener([secretIssuer(properties)])(token(good(), { secret }));
      should(check(trial, 'signature')).match({ result: 'failed', finding: 'encoding', values });
    }
    const file = await listener([secretIssuer()])(token(good(), { secret: `${SECRET}\n` }));
    should(check(file, 'signature').finding).equal('newline');
    const wrong = await listener([secretIssuer()])(token(good(), { secret: OTHER_SECRET }));
    should(check(wrong, 'signature').finding).equal('wrong');
  });

  it('says why the keys of the chosen one cannot be fetched', async () => {
    const endpoint = await JwksServer.start([]);
    endpoint.answer = JwksServer.status(503);
    const keyless = open('k', { issuer: 'https://keyless', keysFrom: 'jwks', jwksUri: endpoint.uri });
    const tried = listener([secretIssuer(), keyless]);
    const trial = await tried(await rsa.sign(good({ iss: 'https://keyless' })));
    should(outcome(trial)).equal('keys_unavailable');
    should(trial.keySet).eql({ kind: 'failed', code: 'jwks-status', detail: 503 });
    should((await tried(token(good()))).keySet).equal(undefined);
    await endpoint.stop();
  });

  it('asks a function of settings.js once, and says whether it fails or is late', async () => {
    let asked = 0;
    const functions = {
      mine: () => {
        asked += 1;
        return SECRET;
      },
      broken: () => Promise.reject(new Error(SECRET)),
      slow: () => new Promise(() => {}),
    };
    const tried = (keysFunction: keyof typeof functions, timeoutMs?: number) => {
      const properties = {
        issuer: 'https://shared',
        keysFrom: 'function',
        keysFunction,
        algorithms: ['HS256'],
      };
      return listener([open('f', properties, { functions })], {}, timeoutMs)(token(good()));
    };
    should([outcome(await tried('mine')), asked]).eql(['accepted', 1]);
    const broken = await tried('broken');
    should(broken.verdict).eql({ kind: 'refused', code: 'verification_failed', status: 500 });
    should(check(broken, 'signature')).match({ finding: 'function-failed', code: 'verification_failed' });
    should(JSON.stringify(broken)).not.containEql(SECRET);
    const slow = await tried('slow', 20);
    should(slow.verdict).eql({ kind: 'refused', code: 'handshake_timeout', status: 503 });
    should(check(slow, 'signature').finding).equal('function-late');
  });

  it('refuses two issuers for the same tokens, and one that is not there, as a deploy does', async () => {
    const twins = [
      secretIssuer(),
      open('t', { issuer: 'https://shared', keysFrom: 'secret', secret: SECRET }),
    ];
    await should(listener(twins)(token())).be.rejectedWith({ code: 'issuers-same' });
    const options = parseListenerOptions({ path: '/ws', jwtValidation: 'issuers', issuer: 'gone' }, '');
    await should(tryToken(token(), options)).be.rejectedWith({ code: 'issuer-broken' });
  });

  describe('one alone, in its own dialog', () => {
    const alone = (jwt: string, properties: RawProperties = {}, claim = 'tenant_id') =>
      tryIssuer(
        jwt,
        { name: '', issuer: secretIssuer(properties) },
        claim === '' ? { kind: 'unknown' } : { kind: 'claim', name: claim },
      );

    it('has nothing against a good token, and makes no session of it', async () => {
      const trial = await alone(token(good()));
      should(trial.verdict).eql({ kind: 'in-order' });
      should(check(trial, 'tenant').finding).equal('exact');
    });

    it('checks everything of a token of somebody else', async () => {
      const trial = await alone(token(good({ iss: 'https://x' })));
      should(check(trial, 'issuer')).match({ result: 'failed', finding: 'other' });
      should(check(trial, 'signature').result).equal('passed');
    });

    it('judges no tenant where nobody says which claim has it', async () => {
      const restricted = { tenants: 'house' };
      should(outcome(await alone(token(good()), restricted))).equal('forbidden');
      const trial = await alone(token(good()), restricted, '');
      should(trial.verdict).eql({ kind: 'in-order' });
      should(trial.checks.filter(({ name }) => name.startsWith('tenant'))).eql([]);
    });
  });
});
