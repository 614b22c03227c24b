import { type Claims, signer } from '../../core/tokens.js';
import { dates, discoveryDocument, id, type ProviderShape } from './provider-shape.js';

const POOL = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI';
const CLIENT = '3n4b5urk1ft4fl3mg5e62d9ado';

/** Access tokens without `aud`, and headers without `typ`. */
export async function cognito(): Promise<ProviderShape> {
  const [one, two] = [
    await signer('RS256', 'abcdefghijklmnopqrsexample='),
    await signer('RS256', 'fgjhlkhjlkhexample='),
  ];
  const access = (more: Claims = {}) => two.sign({ ...claims(), ...more });
  const { client_id: _, ...person } = claims();
  return {
    documents: {
      [`${POOL}/.well-known/openid-configuration`]: discoveryDocument(POOL, `${POOL}/.well-known/jwks.json`),
      [`${POOL}/.well-known/jwks.json`]: { keys: [one.jwk, two.jwk] },
    },
    tokens: [await access()],
    tenant: 'acme',
    pitfalls: {
      'while `audience` is set': { entered: { audience: CLIENT } },
      'the ID token': {
        token: await one.sign({ ...person, aud: CLIENT, token_use: 'id', email: 'ann@acme.example' }),
      },
      'another app client': { token: await access({ client_id: '7example8example9example0' }) },
      'in two groups': { token: await access({ 'cognito:groups': ['acme', 'admins'] }) },
    },
  };
}

function claims(): Claims {
  return {
    ...dates(),
    sub: id(),
    'cognito:groups': ['acme'],
    iss: POOL,
    version: 2,
    client_id: CLIENT,
    origin_jti: id(),
    event_id: id(),
    token_use: 'access',
    scope: 'openid email',
    auth_time: dates().iat,
    jti: id(),
    username: 'ann',
  };
}
