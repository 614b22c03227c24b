import { type Claims, seconds, signer } from '../../core/tokens.js';
import { dates, discoveryDocument, opaqueToken, type ProviderShape } from './provider-shape.js';

const ISSUER = 'https://example-a1b2c3.zitadel.cloud';
const PROJECT = '345678901234567890';
const ORGANIZATION = '321098765432109876';
const OWNER = 'urn:zitadel:iam:user:resourceowner';

export async function zitadel(): Promise<ProviderShape> {
  const key = await signer('RS256', '298765432109876543');
  const access = (more: Claims = {}) => key.sign({ ...claims(), ...more }, { typ: 'JWT' });
  return {
    documents: {
      [`${ISSUER}/.well-known/openid-configuration`]: discoveryDocument(ISSUER, `${ISSUER}/oauth/v2/keys`),
      [`${ISSUER}/oauth/v2/keys`]: { keys: [key.jwk] },
    },
    tokens: [await access()],
    tenant: ORGANIZATION,
    pitfalls: {
      'an opaque token': { token: opaqueToken() },
      'without the scope': { token: await access({ [`${OWNER}:id`]: undefined }) },
      'for itself only': { token: await access({ aud: ['311111111111111111'] }) },
    },
  };
}

function claims(): Claims {
  return {
    ...dates(),
    iss: ISSUER,
    sub: '301234567890123456',
    aud: ['322222222222222222', '333333333333333333', PROJECT],
    client_id: '322222222222222222',
    nbf: seconds(-60),
    jti: `V2_${PROJECT}-at_${PROJECT}`,
    [`${OWNER}:id`]: ORGANIZATION,
    [`${OWNER}:name`]: 'Acme',
    [`${OWNER}:primary_domain`]: 'acme.example-a1b2c3.zitadel.cloud',
  };
}
