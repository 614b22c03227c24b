import { type Claims, signer } from '../../core/tokens.js';
import { dates, discoveryDocument, opaqueToken, type ProviderShape } from './provider-shape.js';

const ORG = 'https://example.okta.com';
const SERVER = `${ORG}/oauth2/default`;
const CLIENT = '0oa4f1g2h3j4k5l6m5d7';

/** A custom authorization server; its headers have no `typ`. */
export async function okta(): Promise<ProviderShape> {
  const key = await signer('RS256', 'RQ8DuhdxCczyMvy7GNJb4Ka3lQ99vrSo3oFBUiZjzzc');
  const access = (more: Claims = {}) => key.sign({ ...claims(), ...more });
  return {
    documents: {
      [`${SERVER}/.well-known/openid-configuration`]: discoveryDocument(SERVER, `${SERVER}/v1/keys`),
      [`${SERVER}/v1/keys`]: { keys: [key.jwk] },
    },
    tokens: [await access()],
    tenant: 'acme',
    pitfalls: {
      "the org's own authorization server": { token: await access({ iss: ORG, aud: ORG }) },
      'your own domain': { token: await access({ iss: 'https://login.example.com/oauth2/default' }) },
      'the ID token': { token: await access({ aud: CLIENT }) },
      'did not ask for the scope': { token: await access({ scp: ['openid', 'profile'] }) },
      'without the claim': { token: await access({ tenant_id: undefined }) },
    },
  };
}

function claims(): Claims {
  return {
    ...dates(),
    ver: 1,
    jti: `AT.${opaqueToken()}`,
    iss: SERVER,
    aud: 'api://default',
    cid: CLIENT,
    uid: '00u91awifkag6XpQ90h7',
    scp: ['openid', 'profile', 'chat'],
    auth_time: dates().iat,
    sub: 'ann@acme.example',
    tenant_id: 'acme',
  };
}
