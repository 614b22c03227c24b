import { signer } from '../../core/tokens.js';
import { dates, discoveryDocument, id, type ProviderShape } from './provider-shape.js';

const REALM = 'https://login.example.com/realms/shop';
const KEYS = `${REALM}/protocol/openid-connect/certs`;

/** Keycloak 26: a key for encryption beside the one that signs, roles, and the organizations of a user. */
export async function keycloak(): Promise<ProviderShape> {
  const rsa = await signer('RS256', 'wT3yGz0Qm5k');
  const encrypting = await signer('RS256', 'pL7cVb9Xs2e');
  const access = (more: object) => rsa.sign({ ...claims(), ...more }, { typ: 'JWT' });
  return {
    documents: {
      [`${REALM}/.well-known/openid-configuration`]: discoveryDocument(REALM, KEYS, {
        grant_types_supported: ['authorization_code', 'client_credentials', 'refresh_token'],
        introspection_endpoint: `${REALM}/protocol/openid-connect/token/introspect`,
      }),
      [KEYS]: { keys: [{ ...encrypting.jwk, use: 'enc', alg: 'RSA-OAEP' }, rsa.jwk] },
    },
    tokens: [await access({}), await access({ organization: { acme: { id: id() } } })],
    tenant: 'acme',
    pitfalls: {
      'only `azp` names the client': { token: await access({ aud: 'account' }) },
      'two organizations': { token: await access({ organization: ['acme', 'globex'] }) },
      'without the scope `organization`': { token: await access({ organization: undefined }) },
      'that a container uses': { token: await access({ iss: 'http://keycloak:8080/realms/shop' }) },
    },
  };
}

function claims() {
  return {
    ...dates(),
    auth_time: dates().iat,
    jti: `onrtac:${id()}`,
    iss: REALM,
    aud: ['chat', 'account'],
    sub: id(),
    typ: 'Bearer',
    azp: 'shop-app',
    sid: id(),
    acr: '1',
    'allowed-origins': ['https://shop.example.com'],
    realm_access: { roles: ['offline_access', 'default-roles-shop', 'uma_authorization'] },
    resource_access: { account: { roles: ['manage-account', 'view-profile'] } },
    scope: 'openid profile email organization chat',
    organization: ['acme'],
    email_verified: true,
    preferred_username: 'ann',
  };
}
