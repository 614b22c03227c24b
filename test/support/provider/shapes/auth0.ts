import { randomBytes } from 'node:crypto';
import { type Claims, part, signer } from '../../core/tokens.js';
import { dates, discoveryDocument, type ProviderShape } from './provider-shape.js';

const ISSUER = 'https://example.eu.auth0.com/';
const CLIENT = 'K1AUPhZq8mRi0Q0pjhkfu1D7y6KjDQja';

export async function auth0(): Promise<ProviderShape> {
  const [current, next] = [
    await signer('RS256', 'NjVBRjY5MDlCMUIw'),
    await signer('RS256', 'Q0I4NEY2RTlBN0Uw'),
  ];
  const access = (more: Claims = {}) => current.sign({ ...claims(), ...more }, { typ: 'JWT' });
  return {
    documents: {
      [`${ISSUER}.well-known/openid-configuration`]: discoveryDocument(
        ISSUER,
        `${ISSUER}.well-known/jwks.json`,
      ),
      [`${ISSUER}.well-known/jwks.json`]: {
        keys: [current, next].map(({ jwk }) => ({ ...jwk, x5t: jwk.kid, x5c: ['MIIDDTCCAfWgAwIBAgIJ'] })),
      },
    },
    tokens: [await access()],
    tenant: 'org_9hX2kQ7sVbN4mT1c',
    pitfalls: {
      'the page named no audience': { token: encrypted() },
      'without the slash': { entered: { issuer: ISSUER.slice(0, -1) } },
      'the ID token': { token: await access({ aud: CLIENT }) },
      'without an organization': { token: await access({ org_id: undefined }) },
    },
  };
}

function claims(): Claims {
  return {
    ...dates(),
    iss: ISSUER,
    sub: 'auth0|6553da60a54af58e29493993',
    aud: ['https://chat.example.com', `${ISSUER}userinfo`],
    scope: 'openid profile email',
    org_id: 'org_9hX2kQ7sVbN4mT1c',
    azp: CLIENT,
  };
}

/** For its own `/userinfo` alone: a JWE in compact form (RFC 7516 §3.1) with a direct key. */
function encrypted(): string {
  const header = part({ alg: 'dir', enc: 'A256GCM', iss: ISSUER });
  const [iv, text, tag] = [12, 200, 16].map((bytes) => randomBytes(bytes).toString('base64url'));
  return [header, '', iv, text, tag].join('.');
}
