import { randomBytes } from 'node:crypto';
import { type Claims, signer, token } from '../../core/tokens.js';
import { dates, id, type ProviderShape } from './provider-shape.js';

const AUTH = 'https://abcdefghijklmnopqrst.supabase.co/auth/v1';
const KEYS = `${AUTH}/.well-known/jwks.json`;

/** 64 random bytes in base64, of which the text is the secret. */
const legacySecret = () => randomBytes(64).toString('base64');

export async function supabaseKeys(): Promise<ProviderShape> {
  const ec = await signer('ES256', id());
  const access = (more: Claims = {}) => ec.sign({ ...claims(), ...more }, { typ: 'JWT' });
  const { app_metadata: metadata } = claims();
  const secret = legacySecret();
  return {
    documents: { [KEYS]: { keys: [{ ...ec.jwk, ext: true, key_ops: ['verify'] }] } },
    tokens: [await access()],
    tenant: 'acme',
    pitfalls: {
      'signed with the legacy secret': { token: token(claims(), { secret }) },
      'its key set is empty': { documents: { [KEYS]: { keys: [] } } },
      'tenant is in `user_metadata`': {
        token: await access({ app_metadata: { provider: 'email' }, user_metadata: metadata }),
      },
      'the anonymous key': {
        token: token({ ...dates(), iss: 'supabase', ref: 'abcdefghijklmnopqrst', role: 'anon' }, { secret }),
      },
    },
  };
}

export async function supabaseSecret(): Promise<ProviderShape> {
  const secret = legacySecret();
  return {
    documents: {},
    secret,
    tokens: [token(claims(), { secret })],
    tenant: 'acme',
    pitfalls: {
      'while `secretEncoding` is `base64`': { entered: { secretEncoding: 'base64' } },
      'signed with a signing key': { token: await (await signer('ES256', id())).sign(claims()) },
    },
  };
}

function claims(): Claims {
  return {
    ...dates(),
    iss: AUTH,
    sub: id(),
    aud: 'authenticated',
    email: 'ann@acme.example',
    phone: '',
    app_metadata: { provider: 'email', providers: ['email'], tenant_id: 'acme' },
    user_metadata: { email_verified: true },
    role: 'authenticated',
    aal: 'aal1',
    amr: [{ method: 'password', timestamp: dates().iat }],
    session_id: id(),
    is_anonymous: false,
  };
}
