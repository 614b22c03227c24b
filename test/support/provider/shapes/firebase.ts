import { type Claims, signer } from '../../core/tokens.js';
import { dates, discoveryDocument, type ProviderShape } from './provider-shape.js';

const ISSUER = 'https://securetoken.google.com/example-chat';
const KEYS = 'https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com';
const CERTIFICATES =
  'https://www.googleapis.com/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com';
const UID = 'Zs0Rk3mP7QxN5vT2wB8yL1cD4eF6';

/** The keys are at another host than the document, and beside them are the same as certificates. */
export async function firebase(): Promise<ProviderShape> {
  const key = await signer('RS256', 'd8284e7f1c5b4a3e9f0a6b7c8d9e0f1a2b3c4d5e');
  const identity = (more: Claims = {}) => key.sign({ ...claims(), ...more }, { typ: 'JWT' });
  const account = 'firebase-adminsdk-x1y2z@example-chat.iam.gserviceaccount.com';
  return {
    documents: {
      [`${ISSUER}/.well-known/openid-configuration`]: discoveryDocument(ISSUER, KEYS, {
        response_types_supported: ['id_token'],
      }),
      [KEYS]: { keys: [key.jwk] },
      [CERTIFICATES]: {
        [String(key.jwk.kid)]: '-----BEGIN CERTIFICATE-----\nMIIDHDCCAgSg\n-----END CERTIFICATE-----\n',
      },
    },
    tokens: [await identity()],
    tenant: 'acme-x1y2z',
    pitfalls: {
      'address of certificates': { entered: { keysFrom: 'jwks', jwksUri: CERTIFICATES } },
      'a custom token': {
        token: await identity({
          iss: account,
          sub: account,
          aud: 'https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit',
          uid: UID,
        }),
      },
      'a session cookie': {
        token: await identity({ iss: 'https://session.firebase.google.com/example-chat' }),
      },
      'a user of no tenant': { token: await identity({ firebase: signedIn() }) },
    },
  };
}

function claims(): Claims {
  return {
    ...dates(),
    iss: ISSUER,
    aud: 'example-chat',
    auth_time: dates().iat,
    user_id: UID,
    sub: UID,
    email: 'ann@acme.example',
    email_verified: true,
    firebase: { ...signedIn(), tenant: 'acme-x1y2z' },
  };
}

function signedIn() {
  return { identities: { email: ['ann@acme.example'] }, sign_in_provider: 'password' };
}
