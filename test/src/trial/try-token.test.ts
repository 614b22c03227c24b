import { createPublicKey } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import should from 'should';
import { type ListenerOptions, parseListenerOptions } from '../../../src/config/listener-options.js';
import { decide } from '../../../src/handshake/decide.js';
import type { RevokedTokens } from '../../../src/handshake/revocable.js';
import { jwks } from '../../../src/keys/jwks.js';
import { sharedSecret } from '../../../src/keys/shared-secret.js';
import { Revocations } from '../../../src/sessions/revocations.js';
import { createIdentify } from '../../../src/token/identify.js';
import { createVerifyToken } from '../../../src/token/verify-token.js';
import type { Check, CheckName, Trial } from '../../../src/trial/trial.js';
import { tryToken } from '../../../src/trial/try-token.js';
import { JwksServer } from '../../support/core/jwks-server.js';
import { memoryStore } from '../../support/core/memory-store.js';
import {
  CLAIMS,
  OTHER_SECRET,
  part,
  SECRET,
  type Signer,
  seconds,
  signer,
  token,
} from '../../support/core/tokens.js';

type Properties = Record<string, unknown>;

const STRICT: Properties = { jwtIssuer: 'https://issuer', jwtAudience: 'chat' };
const NESTED: Properties = { tenantClaim: 'app.tenant' };

function options(properties: Properties = {}): ListenerOptions {
  return parseListenerOptions({ path: '/ws', ...properties }, SECRET);
}

function check(trial: Trial, name: CheckName): Check {
  const found = trial.checks.find((one) => one.name === name);
  should.exist(found);
  return found as Check;
}

function summary(trial: Trial): string {
  return trial.checks.map(({ name, result, finding }) => `${name} ${result} ${finding}`).join('\n');
}

/** Every refusal is explained by a failed check, and nothing that is accepted has one. */
function shouldBeExplained({ verdict, checks }: Trial): void {
  const codes = checks.flatMap((one) => (one.result === 'failed' ? [one.code] : []));
  if (verdict.kind !== 'refused') should(codes).eql([]);
  else should(codes).containEql(verdict.code);
}

/** Tokens of every kind that a listener may meet, with the properties of the listener that meets them. */
const TABLE: Record<string, [string, () => string, Properties?]> = {
  'a valid token': ['accepted', () => token()],
  'a token without exp': ['accepted', () => token(CLAIMS)],
  'a token with iat and nbf in the past': [
    'accepted',
    () => token({ ...CLAIMS, iat: seconds(-5), nbf: seconds(-5) }),
  ],
  'an infinite iat': ['accepted', () => token('{"tenant_id":"acme","iat":1e400}')],
  'an iat that is text': ['token_invalid', () => token({ ...CLAIMS, iat: 'now' })],
  'an exp far away': ['accepted', () => token({ ...CLAIMS, exp: 1e300 })],
  'issuer and audience as configured': [
    'accepted',
    () => token({ ...CLAIMS, iss: 'https://issuer', aud: ['a', 'chat'] }),
    STRICT,
  ],
  'a tenant that is a number': ['accepted', () => token({ tenant_id: 7 })],
  'a nested tenant': ['accepted', () => token({ app: { tenant: 'acme' } }), NESTED],
  'a dotted claim': ['accepted', () => token({ 'app.tenant': 'acme' }), NESTED],
  'no tenant, where it is static': [
    'accepted',
    () => token({ sub: 'ann' }),
    { tenantFrom: 'static', tenantId: 'house' },
  ],
  'no token': ['token_missing', () => ''],
  'no JWT': ['token_invalid', () => 'hello'],
  'two parameters in one': ['token_invalid', () => `${token()}&token=${token()}`],
  'a lone surrogate': ['token_invalid', () => '\ud800'],
  'a token with a space': ['token_invalid', () => `${token()} `],
  'a padded token': ['token_invalid', () => `${token()}=`],
  'a twin of the last character': ['token_invalid', () => twin(token())],
  'a token that is too long': ['token_invalid', () => token({ ...CLAIMS, filler: 'x'.repeat(8192) })],
  'a header that is no JSON': ['token_invalid', () => `${part('{')}.${part(CLAIMS)}.AA`],
  'a header that is an array': ['token_invalid', () => `${part('[]')}.${part(CLAIMS)}.AA`],
  'claims that are no JSON': ['token_invalid', () => token('{"tenant_id":')],
  'claims that are an array': ['token_invalid', () => token('[]')],
  'claims that are no UTF-8': ['token_invalid', () => `${part({ alg: 'HS256' })}._w.AA`],
  'alg none': ['token_invalid', () => `${part({ alg: 'none' })}.${part(CLAIMS)}.AA`],
  'no alg': ['token_invalid', () => `${part({})}.${part(CLAIMS)}.AA`],
  'an alg that is a number': ['token_invalid', () => `${part({ alg: 256 })}.${part(CLAIMS)}.AA`],
  'another alg': ['token_invalid', () => token(CLAIMS, { header: { alg: 'HS512' } })],
  'an unknown crit': ['token_invalid', () => token(CLAIMS, { header: { crit: ['x'], x: 1 } })],
  'an empty crit': ['token_invalid', () => token(CLAIMS, { header: { crit: [] } })],
  'an unencoded payload': ['token_invalid', () => token(CLAIMS, { header: { b64: false, crit: ['b64'] } })],
  'another secret': ['token_invalid', () => token(CLAIMS, { secret: OTHER_SECRET })],
  'another secret, and expired': [
    'token_invalid',
    () => token({ ...CLAIMS, exp: seconds(-60) }, { secret: OTHER_SECRET }),
  ],
  'an expired token': ['token_expired', () => token({ ...CLAIMS, exp: seconds(-60) })],
  'an expired token of another issuer': [
    'token_invalid',
    () => token({ ...CLAIMS, iss: 'x', aud: 'chat', exp: seconds(-60) }),
    STRICT,
  ],
  'an expired token without a tenant': ['token_expired', () => token({ exp: seconds(-60) })],
  'an exp that is text': ['token_invalid', () => token({ ...CLAIMS, exp: 'tomorrow' })],
  'an infinite exp': ['token_invalid', () => token('{"tenant_id":"acme","exp":1e400}')],
  'an infinitely early nbf, and expired': [
    'token_expired',
    () => token('{"tenant_id":"acme","nbf":-1e400,"exp":1}'),
  ],
  'a later nbf': ['token_invalid', () => token({ ...CLAIMS, nbf: seconds(60) })],
  'no issuer': ['token_invalid', () => token({ ...CLAIMS, aud: 'chat' }), STRICT],
  'another issuer': ['token_invalid', () => token({ ...CLAIMS, iss: 'x', aud: 'chat' }), STRICT],
  'a list of issuers': [
    'token_invalid',
    () => token({ ...CLAIMS, iss: ['https://issuer'], aud: 'chat' }),
    STRICT,
  ],
  'no audience': ['token_invalid', () => token({ ...CLAIMS, iss: 'https://issuer' }), STRICT],
  'another audience': [
    'token_invalid',
    () => token({ ...CLAIMS, iss: 'https://issuer', aud: 'chats' }),
    STRICT,
  ],
  'no tenant': ['tenant_missing', () => token({ sub: 'ann' })],
  'an empty tenant': ['tenant_missing', () => token({ tenant_id: '' })],
  'a tenant that is a list': ['tenant_missing', () => token({ tenant_id: ['acme'] })],
  'an unusable dotted claim beside a nested one': [
    'tenant_missing',
    () => token({ 'app.tenant': null, app: { tenant: 'acme' } }),
    NESTED,
  ],
  'a prototype for a tenant': ['tenant_missing', () => token({}), { tenantClaim: 'constructor.name' }],
};

describe('src/trial/try-token', () => {
  for (const [what, [expected, make, properties]] of Object.entries(TABLE)) {
    it(`decides as the handshake does, and says why: ${what}`, async () => {
      const jwt = make();
      const parsed = options(properties);
      const trial = await tryToken(jwt, parsed);
      should(outcome(trial)).equal(expected);
      should(await handshake(jwt, parsed)).equal(expected);
      shouldBeExplained(trial);
    });
  }

  it('decides as the handshake does on tokens with one character changed', async () => {
    const parsed = options();
    const jwt = token();
    for (let i = 0; i < jwt.length; i += 1) {
      const changed = `${jwt.slice(0, i)}${jwt[i] === 'A' ? 'B' : 'A'}${jwt.slice(i + 1)}`;
      const trial = await tryToken(changed, parsed);
      should(outcome(trial)).equal(await handshake(changed, parsed));
      shouldBeExplained(trial);
    }
  });

  it('asks what a running listener does not take any more, last, and whether that is known', async () => {
    const store = memoryStore();
    const revoked = new Revocations(store, () => {});
    revoked.add({ jti: 'gone' }, 60);
    await revoked.save();
    const gone = token({ ...CLAIMS, jti: 'gone' });
    const verdictOn = async (jwt: string, stored: RevokedTokens) =>
      outcome(await tryToken(jwt, options(), { revoked: stored }));
    should(await verdictOn(gone, revoked)).equal('token_revoked');
    should(await verdictOn(gone, new Revocations(store, () => {}))).equal('token_revoked');
    should(await verdictOn(token({ ...CLAIMS, jti: 'other' }), revoked)).equal('accepted');
    const expired = token({ ...CLAIMS, jti: 'gone', exp: seconds(-60) });
    should(await verdictOn(expired, revoked)).equal('token_expired');
    const broken = { ...store, load: () => Promise.reject(new Error('SECRET')) };
    should(await verdictOn(token(), new Revocations(broken, () => {}))).equal('unavailable');
  });

  it('shows the session that the listener would make, with a placeholder for its id', async () => {
    const trial = await tryToken(token(), options({ routingScope: 'session' }));
    should(trial.verdict).eql({
      kind: 'accepted',
      session: {
        type: 'websocket',
        id: '…',
        tenantId: 'acme',
        subject: 'ann',
        authStatus: 'verified',
        routingScope: 'session',
      },
    });
  });

  it('explains a good token check by check', async () => {
    const jwt = token({ ...CLAIMS, iss: 'https://issuer', aud: 'chat', iat: seconds(-5), exp: seconds(60) });
    const trial = await tryToken(jwt, options(STRICT));
    should(summary(trial)).equal(
      [
        'form passed jwt',
        'algorithm passed allowed',
        'signature passed secret',
        'issuer passed expected',
        'audience passed expected',
        'issued-at passed past',
        'not-before passed absent',
        'expiry passed future',
        'tenant passed exact',
      ].join('\n'),
    );
    should(check(trial, 'tenant').values).eql({ name: 'tenant_id', tenant: 'acme' });
    should(trial.content).match({ verified: true, header: { alg: 'HS256' }, claims: { sub: 'ann' } });
  });

  it('goes on after a wrong signature, and vouches for nothing that the token says', async () => {
    const jwt = token({ ...CLAIMS, exp: seconds(-60) }, { secret: OTHER_SECRET });
    const trial = await tryToken(jwt, options({ jwtIssuer: 'https://issuer' }));
    should(summary(trial)).equal(
      [
        'form passed jwt',
        'algorithm passed allowed',
        'signature failed wrong',
        'issuer failed missing',
        'audience skipped not-configured',
        'not-before unverified absent',
        'expiry failed past',
        'tenant unverified exact',
      ].join('\n'),
    );
    should(trial.content?.verified).equal(false);
  });

  it('tells an issuer that differs by a slash at the end from any other', async () => {
    for (const iss of ['https://issuer/', 'https://issuer//', 'https://issue']) {
      const trial = await tryToken(token({ ...CLAIMS, iss }), options({ jwtIssuer: 'https://issuer' }));
      should(check(trial, 'issuer')).match({
        result: 'failed',
        finding: iss === 'https://issuer/' ? 'slash' : 'other',
      });
      should(trial.verdict).match({ because: { cause: 'issuer' } });
    }
  });

  it('recognises a token that is meant for Microsoft Graph alone', async () => {
    const graph = token(CLAIMS, { header: { nonce: 'x' }, secret: OTHER_SECRET });
    should(check(await tryToken(graph, options()), 'signature').finding).equal('nonce');
    should(outcome(await tryToken(token(CLAIMS, { header: { nonce: 'x' } }), options()))).equal('accepted');
  });

  it('checks nothing more of what is no token', async () => {
    const trial = await tryToken('hello', options());
    should(summary(trial)).match(/^form failed opaque\nalgorithm skipped/);
    should(trial.checks.slice(1).every(({ result }) => result === 'skipped')).equal(true);
    should(trial.content).equal(undefined);
  });

  it('says where a tenant was found', async () => {
    const nested = await tryToken(token({ app: { tenant: 7 } }), options(NESTED));
    should(check(nested, 'tenant')).match({ finding: 'nested', values: { name: 'app.tenant', tenant: '7' } });
    const exact = await tryToken(token({ 'app.tenant': 'a' }), options(NESTED));
    should(check(exact, 'tenant')).match({ finding: 'exact', values: { tenant: 'a' } });
    const fixed = await tryToken(token(), options({ tenantFrom: 'static', tenantId: 'house' }));
    should(check(fixed, 'tenant')).match({
      result: 'skipped',
      finding: 'static',
      values: { tenant: 'house' },
    });
  });

  it('quotes a value shortly', async () => {
    const trial = await tryToken(token({ tenant_id: 't'.repeat(2000) }), options());
    should(String(check(trial, 'tenant').values.tenant).length).equal(201);
  });

  it('heeds the size of tokens that the runtime is set to', async () => {
    const trial = await tryToken(token(), options(), { maxTokenBytes: 20 });
    should(check(trial, 'form').finding).equal('too-long');
    should(outcome(trial)).equal('token_invalid');
  });

  it('looks at no token where the listener looks at none', async () => {
    const trial = await tryToken('hello', options({ jwtValidation: 'none' }));
    should(trial.checks).eql([]);
    should(trial.verdict).match({ kind: 'accepted', session: { tenantId: null, authStatus: 'none' } });
  });

  describe('with a key set', () => {
    let endpoint: JwksServer;
    let rsa: Signer;
    let ec: Signer;
    let stranger: Signer;
    let jwksOptions: ListenerOptions;

    before(async () => {
      rsa = await signer('RS256', 'rsa-1');
      ec = await signer('ES256', 'ec-1');
      stranger = await signer('RS256', 'rsa-1');
    });
    beforeEach(async () => {
      endpoint = await JwksServer.start([rsa.jwk, ec.jwk]);
      jwksOptions = options({ jwtValidation: 'jwks', jwksUri: endpoint.uri });
    });
    afterEach(() => endpoint.stop());

    it('decides as the handshake does, and says why', async () => {
      const unknown = await signer('ES256', 'ec-2');
      const unnamed = await signer('RS256', undefined);
      const cases: [string, string, string][] = [
        ['accepted', 'kid', await rsa.sign()],
        ['accepted', 'kid', await ec.sign()],
        ['token_invalid', 'wrong', await stranger.sign()],
        ['token_invalid', 'no-kid', await unknown.sign()],
        ['token_invalid', 'wrong', await unnamed.sign()],
        ['token_expired', 'kid', await rsa.sign({ ...CLAIMS, exp: seconds(-5) })],
        ['tenant_missing', 'kid', await rsa.sign({ sub: 'ann' })],
        ['token_invalid', 'not-checked', token(CLAIMS, { header: { kid: 'rsa-1' } })],
        ['token_invalid', 'not-checked', token(CLAIMS, { secret: pem(rsa), header: { kid: 'rsa-1' } })],
      ];
      const keys = jwks(endpoint.uri, () => {});
      const verify = createVerifyToken({ ...jwksOptions, keys });
      for (const [expected, finding, jwt] of cases) {
        const trial = await tryToken(jwt, jwksOptions);
        should(outcome(trial)).equal(expected);
        should(await decision(() => verify(jwt))).equal(expected);
        should(check(trial, 'signature').finding).equal(finding);
        shouldBeExplained(trial);
      }
      keys.close();
    });

    it('tries the keys of a set without key ids', async () => {
      const signers = await Promise.all([1, 2, 3].map(() => signer('ES256', undefined)));
      endpoint.answer = JwksServer.keys(signers.map(({ jwk }) => jwk));
      const trial = await tryToken(await (signers[2] as Signer).sign(), jwksOptions);
      should(outcome(trial)).equal('accepted');
      should(check(trial, 'signature').finding).equal('key');
    });

    it('shows the keys that were found, also for what is no token', async () => {
      const trial = await tryToken('hello', jwksOptions);
      should(trial.keySet).eql({
        kind: 'fetched',
        keys: [
          { kid: 'rsa-1', kty: 'RSA', alg: 'RS256', use: 'sig' },
          { kid: 'ec-1', kty: 'EC', alg: 'ES256', use: 'sig' },
        ],
      });
    });

    it('finds a key that the endpoint publishes only when it is asked again', async () => {
      const { answer } = endpoint;
      endpoint.answer = (request, response) => {
        endpoint.answer = answer;
        JwksServer.keys([ec.jwk])(request, response);
      };
      should(outcome(await tryToken(await rsa.sign(), jwksOptions))).equal('accepted');
      should(endpoint.fetches).equal(2);
    });

    it('fetches them through the proxy that the listener would use', async () => {
      const jwksUri = 'http://keys.test/jwks.json';
      const route = { proxy: { http_proxy: endpoint.uri } }; // it answers as a proxy would
      const behindProxy = options({ jwtValidation: 'jwks', jwksUri });
      should(outcome(await tryToken(await rsa.sign(), behindProxy, { keyRoute: route }))).equal('accepted');
    });

    const failures: Record<string, (endpoint: JwksServer) => void> = {
      'jwks-redirect 302': (one) => {
        one.answer = JwksServer.status(302, { location: 'http://127.0.0.1:1/' });
      },
      'jwks-status 403': (one) => {
        one.answer = JwksServer.status(403);
      },
      'jwks-malformed': (one) => {
        one.answer = JwksServer.body('<html>');
      },
      'jwks-too-large': (one) => {
        one.answer = JwksServer.body(' '.repeat(1024 * 1024 + 1));
      },
      'jwks-unreachable ECONNRESET': (one) => {
        one.answer = JwksServer.cut;
      },
    };
    for (const [why, prepare] of Object.entries(failures)) {
      it(`says why the keys could not be fetched: ${why}`, async () => {
        prepare(endpoint);
        const trial = await tryToken(await rsa.sign(), jwksOptions);
        const [code = '', detail] = why.split(' ');
        const said = detail === undefined ? {} : { detail: /^\d/.test(detail) ? Number(detail) : detail };
        should(trial.keySet).eql({ kind: 'failed', code, ...said });
        should(outcome(trial)).equal('keys_unavailable');
        shouldBeExplained(trial);
        should(endpoint.fetches).equal(1);
      });
    }
  });
});

function outcome({ verdict }: Trial): string {
  return verdict.kind === 'refused' ? verdict.code : verdict.kind;
}

/** What a request gets that names this token in its query, percent-encoded as a browser does. */
async function handshake(jwt: string, parsed: ListenerOptions): Promise<string> {
  const identify = createIdentify(sharedSecret(SECRET), parsed);
  const url = `/?token=${encodeURIComponent(Buffer.from(jwt).toString())}`;
  return decision(() =>
    decide({ url } as IncomingMessage, { ...parsed, places: parsed, trustProxy: 0, identify }),
  );
}

async function decision(ask: () => unknown): Promise<string> {
  return (async () => ask())().then(
    () => 'accepted',
    (error: { code: string }) => error.code,
  );
}

/** The same bytes with other unused bits in the last character. */
function twin(jwt: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return jwt.slice(0, -1) + alphabet[alphabet.indexOf(jwt.slice(-1)) + 1];
}

function pem({ jwk }: Signer): string {
  const key = { key: jwk, format: 'jwk' } as unknown as Parameters<typeof createPublicKey>[0];
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
}
