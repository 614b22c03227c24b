import { randomBytes } from 'node:crypto';
import { type Claims, signer, token } from '../../core/tokens.js';
import { dates, discoveryDocument, opaqueToken, type ProviderShape } from './provider-shape.js';

const ISSUER = 'https://login.example.com/application/o/chat/';
const CLIENT = 'gJ4kWmVq0r8sYt2uXz6aBc1dEf3hIj5lNoPqRsTu';

/** Access tokens are ID tokens with two claims more. Without a signing key there is no key set, but an empty object. */
export async function authentik(): Promise<ProviderShape> {
  const key = await signer('RS256', '8c1f0d2e3b4a59687766554433221100');
  const access = (more: Claims = {}) => key.sign({ ...claims(), ...more }, { typ: 'JWT' });
  return {
    documents: {
      [`${ISSUER}.well-known/openid-configuration`]: discoveryDocument(ISSUER, `${ISSUER}jwks/`),
      [`${ISSUER}jwks/`]: { keys: [{ ...key.jwk, x5c: ['MIIFUzCCAzugAwIBAgIR'], x5t: 'q0-1mB7cVbX' }] },
    },
    tokens: [await access()],
    tenant: 'acme',
    pitfalls: {
      'without the slash': { entered: { issuer: ISSUER.slice(0, -1) } },
      'without a signing key': {
        token: token(claims(), { secret: randomBytes(96).toString('base64url') }),
        documents: { [`${ISSUER}jwks/`]: {} },
      },
      'issuer mode _global_': { token: await access({ iss: 'https://login.example.com/' }) },
      'did not ask for the scope': { token: await access({ tenant_id: undefined }) },
    },
  };
}

function claims(): Claims {
  return {
    ...dates(),
    iss: ISSUER,
    sub: opaqueToken(),
    aud: CLIENT,
    auth_time: dates().iat,
    acr: 'goauthentik.io/providers/oauth2/default',
    amr: ['pwd'],
    sid: opaqueToken(),
    email: 'ann@acme.example',
    tenant_id: 'acme',
    azp: CLIENT,
    uid: opaqueToken(),
  };
}
