import should from 'should';
import { parseListenerOptions } from '../../../src/config/listener-options.js';
import { openKeys } from '../../../src/keys/open-keys.js';
import { createIdentify } from '../../../src/token/identify.js';
import { makeToken } from '../../../src/trial/make-token.js';
import { tryToken } from '../../../src/trial/try-token.js';
import { CLAIMS, type Claims, OTHER_SECRET, SECRET, token } from '../../support/core/tokens.js';

interface Deployed {
  readonly secret?: string;
  readonly [property: string]: unknown;
}

/** Whether a listener lets a token in; a trial has to say the same. */
async function accepts({ secret = SECRET, ...properties }: Deployed, jwt: string): Promise<boolean> {
  const options = parseListenerOptions({ path: '/ws', ...properties }, secret);
  const identify = createIdentify(
    openKeys(options.validation, () => {}),
    options,
  );
  if (identify.kind !== 'token') throw new Error('it looks at no token');
  const { verify } = identify;
  const accepted = await (async () => verify(jwt))().then(
    () => true,
    () => false,
  );
  const { verdict, checks } = await tryToken(jwt, options);
  should(verdict.kind).equal(accepted ? 'accepted' : 'refused');
  should(checks.some(({ result }) => result === 'failed')).equal(!accepted);
  return accepted;
}

const says = (claims: Claims) => token({ ...CLAIMS, ...claims });

describe('src/token: settings as people type them', () => {
  it('drops the white space around what is compared', async () => {
    const jwt = says({ iss: 'https://issuer', aud: 'chat' });
    const spaced = { jwtIssuer: ' https://issuer\n', jwtAudience: '\tchat ', tenantClaim: ' tenant_id ' };
    should(await accepts(spaced, jwt)).equal(true);
    should(await accepts(spaced, says({ iss: ' https://issuer\n', aud: 'chat' }))).equal(false);
  });

  it('takes white space or commas alone for no way to switch a check off', () => {
    for (const [code, properties] of [
      ['issuer', { jwtIssuer: ' ' }],
      ['issuer', { jwtIssuer: '\n' }],
      ['audience', { jwtAudience: ' ' }],
      ['audience', { jwtAudience: ',' }],
      ['audience', { jwtAudience: ' , ,' }],
    ] as const) {
      should(() => parseListenerOptions({ path: '/ws', ...properties }, SECRET)).throw({ code });
    }
  });

  for (const [jwtAudience, aud, isMeant] of [
    ['a,b', 'a', true],
    ['a,b', 'b', true],
    ['a, b', ['x', 'b'], true],
    ['a,b', 'a,b', true],
    ['a, b', 'a, b', true],
    ['a,,b', 'b', true],
    [',a', 'a', true],
    ['a,b', 'c', false],
    ['a,b', ['a,c', 'ab'], false],
    ['a,b', '', false],
    ['a,', '', false],
    ['a,b', undefined, false],
    ['a,b', [], false],
    ['a,b', [['a']], false],
    ['a,b', { a: 'b' }, false],
    ['a', ['b', 'a'], true],
  ] as const) {
    it(`audience ${JSON.stringify(jwtAudience)} and aud ${JSON.stringify(aud)}: ${isMeant}`, async () => {
      should(await accepts({ jwtAudience }, says({ aud }))).equal(isMeant);
    });
  }

  it('makes a test token for the first of several audiences', async () => {
    const options = parseListenerOptions({ path: '/ws', jwtAudience: 'a, b' }, SECRET);
    const jwt = await makeToken({ subject: '', tenantId: 'acme', lifetimeSeconds: 60 }, options);
    should(JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())).containEql({ aud: 'a' });
  });

  describe('a secret', () => {
    for (const [what, secret] of [
      ['in front', ` ${SECRET}`],
      ['behind', `${SECRET}\n`],
      ['around', `\r\n\t${SECRET} `],
    ] as const) {
      it(`with white space ${what} is good for tokens that are signed without it, and as in 2.0 with it`, async () => {
        should(await accepts({ secret }, token(CLAIMS))).equal(true);
        should(await accepts({ secret }, token(CLAIMS, { secret }))).equal(true);
        for (const other of [OTHER_SECRET, ` ${SECRET} `, secret.trim().slice(1)]) {
          should(await accepts({ secret }, token(CLAIMS, { secret: other }))).equal(false, other);
        }
        should(await accepts({ secret }, token(CLAIMS, { secret, header: { alg: 'HS512' } }))).equal(false);
      });
    }

    it('without white space is good for no token that is signed with some', async () => {
      should(await accepts({}, token(CLAIMS, { secret: `${SECRET}\n` }))).equal(false);
    });

    for (const encoding of ['base64', 'base64url', 'hex'] as const) {
      it(`in ${encoding} stands for its bytes, and test tokens are signed with them`, async () => {
        const properties = {
          secret: ` ${Buffer.from(SECRET).toString(encoding)}\n`,
          jwtSecretEncoding: encoding,
        };
        should(await accepts(properties, token(CLAIMS))).equal(true);
        should(await accepts(properties, token(CLAIMS, { secret: properties.secret }))).equal(false);
        const { secret, ...raw } = properties;
        const options = parseListenerOptions({ path: '/ws', ...raw }, secret);
        const made = await makeToken({ subject: '', tenantId: 'acme', lifetimeSeconds: 60 }, options);
        should(await accepts({}, made)).equal(true);
      });
    }
  });
});
