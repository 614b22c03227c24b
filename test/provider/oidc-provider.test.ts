import should from 'should';
import type { Issuer } from '../../src/keys/issuer.js';
import { readUnverified } from '../../src/token/unverified.js';
import { issuer } from '../support/core/issuers.js';
import { ListenerServer } from '../support/core/listener-server.js';
import { SocketClient } from '../support/core/socket-client.js';
import { AUDIENCE, OidcServer } from '../support/provider/oidc-server.js';
import { type SigningKey, signingKey } from '../support/provider/signing-key.js';

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];

/** Where the keys of this provider are. */
const KEYS_PATH = '/jwks';

describe('a real OpenID provider', () => {
  let rsa: SigningKey;
  let others: readonly SigningKey[];
  let provider: OidcServer;
  let server: ListenerServer;
  let made: Issuer;

  before(async () => {
    rsa = await signingKey('rsa-1');
    others = [await signingKey('ec-1', 'EC'), await signingKey('ed-1', 'OKP')];
  });
  beforeEach(async () => {
    provider = await OidcServer.start({ keys: [rsa, ...others] });
    made = issuer('i', {
      issuer: provider.issuer,
      keysFrom: 'discovery',
      algorithms: ALGORITHMS,
      audience: AUDIENCE,
      tokenType: 'at+jwt',
      maxLifetime: '600',
      claims: [{ claim: 'scope', rule: 'includes', value: 'chat' }],
    });
    const fetched = new Promise<void>((resolve) => {
      made.observe(({ kind }) => kind === 'keys-fetched' && resolve());
    });
    const properties = { jwtValidation: 'issuers', issuer: 'i', tokenSources: ['header'] };
    server = await ListenerServer.start({ properties, issuers: [made] });
    await fetched;
  });
  afterEach(async () => {
    await server.stop();
    made.close();
    await provider.stop();
  });

  const open = (token: string) => SocketClient.open(server.url(), bearer(token));
  /** Code and cause of a refusal. */
  async function refusal(token: string): Promise<string> {
    const refused = server.next('refused');
    await SocketClient.refused(server.url(), bearer(token));
    const { code, because } = await refused;
    return `${code} ${because?.cause}`;
  }
  async function sessionOf(client: SocketClient): Promise<Record<string, unknown>> {
    const { _session } = await server.messageFrom(client);
    return _session as Record<string, unknown>; // what every message has
  }
  const keyFetches = () => provider.asked.items.filter((path) => path === KEYS_PATH).length;

  it('is found by its name alone: one look at its document, one at its keys', async () => {
    const client = await open(await provider.backendToken());
    should(provider.asked.items.filter((path) => path !== '/token')).eql([
      '/.well-known/openid-configuration',
      KEYS_PATH,
    ]);
    await client.close();
  });

  for (const alg of ALGORITHMS) {
    it(`makes access tokens (RFC 9068) with ${alg}, and they name the tenant`, async () => {
      provider.alg = alg;
      for (const tenant of ['acme', 'globex']) {
        const token = await provider.backendToken(tenant);
        should(readUnverified(token)?.header).containEql({ alg, typ: 'at+jwt' });
        const client = await open(token);
        should(await sessionOf(client)).containDeep({
          tenantId: tenant,
          subject: tenant,
          authStatus: 'verified',
        });
        await client.close();
      }
    });
  }

  it('spells EdDSA as RFC 9864 does, too', async () => {
    provider.alg = 'Ed25519';
    const token = await provider.backendToken();
    should(readUnverified(token)?.header).containEql({ alg: 'Ed25519' });
    await (await open(token)).close();
  });

  it('is not believed about a life longer than the issuer may give', async () => {
    provider.lifetimeSeconds = 601;
    should(await refusal(await provider.backendToken())).equal('token_invalid lifetime');
  });

  it('changes keys during traffic: old tokens stay good while the old key is published, new ones are at once', async () => {
    const old = await provider.backendToken('acme');
    const before = await open(old);
    should(await sessionOf(before)).have.property('tenantId', 'acme');
    const next = await signingKey('rsa-2');
    await provider.publish([next, rsa, ...others]);

    const fresh = await provider.backendToken('globex');
    should(readUnverified(fresh)?.header).containEql({ kid: 'rsa-2' });
    const clients = await Promise.all([fresh, old, fresh, old, fresh].map(open)); // a crowd at the moment of change
    should(keyFetches()).equal(2);
    const tenants: unknown[] = [];
    for (const client of clients) tenants.push((await sessionOf(client)).tenantId);
    should(tenants).eql(['globex', 'acme', 'globex', 'acme', 'globex']);

    should(await sessionOf(before)).have.property('tenantId', 'acme');
    for (const client of [before, ...clients]) await client.close();
  });

  it('takes a key back: who is connected stays, new ones with an old token do not come in', async () => {
    const old = await provider.backendToken('acme');
    const before = await open(old);
    await provider.publish([await signingKey('rsa-2')]);
    const after = await open(await provider.backendToken('globex'));
    should(await refusal(old)).equal('token_invalid unknown-key');
    should(await sessionOf(before)).have.property('tenantId', 'acme');
    for (const client of [before, after]) await client.close();
  });

  it('may be away while it changes keys: old keys serve meanwhile, and the new one is found when it is back', async () => {
    const old = await provider.backendToken('acme');
    const next = await signingKey('rsa-2');
    await provider.publish([next, rsa]);
    const fresh = await provider.backendToken('globex');
    await provider.stop();
    await (await open(old)).close();
    const failed = server.next('keys-failed');
    should(await refusal(fresh)).equal('token_invalid unknown-key');
    should(await failed).containEql({ code: 'jwks-unreachable', stale: true });
    await (await open(old)).close();
    const recovered = server.next('keys-recovered');
    await provider.up();
    await recovered; // by itself, after its back-off
    await (await open(fresh)).close();
    await (await open(old)).close();
  });
});

function bearer(token: string) {
  return { headers: { authorization: `Bearer ${token}` } };
}
