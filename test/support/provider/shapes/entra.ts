import { createHash } from 'node:crypto';
import { type Claims, type Signer, seconds, signer } from '../../core/tokens.js';
import { dates, discoveryDocument, id, type ProviderShape } from './provider-shape.js';

const LOGIN = 'https://login.microsoftonline.com';
const DIRECTORY = '8d3f3a5e-6c1b-4a52-9a53-0c2f5b6f7a10';
const CUSTOMER = '0f7e2c49-1d3b-4c58-a1b9-7e5d3c2b1a00';
const API = '5b0c1de2-93a7-4f0e-8f1c-2a4b6c8d0e12';
const PAGE = '2c9a7f64-0b1d-4e3c-b5a8-6f1e0d9c8b7a';
const GRAPH = '00000003-0000-0000-c000-000000000000';

/** One directory, tokens of version 2. */
export async function entraDirectory(): Promise<ProviderShape> {
  const key = await signer('RS256', 'H9nj5AOSswMphg1SFx7jaV-lB9w');
  const keys = `${LOGIN}/${DIRECTORY}/discovery/v2.0/keys`;
  const access = (more: Claims = {}) => key.sign({ ...version2(DIRECTORY), ...more }, { typ: 'JWT' });
  const { scp: _, ...withoutScope } = version2(DIRECTORY);
  return {
    documents: {
      [`${LOGIN}/${DIRECTORY}/v2.0/.well-known/openid-configuration`]: discoveryDocument(
        `${LOGIN}/${DIRECTORY}/v2.0`,
        keys,
        { tenant_region_scope: 'EU', cloud_instance_name: 'microsoftonline.com' },
      ),
      [keys]: keySet([key], `${LOGIN}/${DIRECTORY}/v2.0`),
    },
    tokens: [await access()],
    tenant: DIRECTORY,
    pitfalls: {
      'version 1': { token: await key.sign(version1(`api://${API}`), { typ: 'JWT' }) },
      'Microsoft Graph': { token: await graphToken(key) },
      'the ID token': { token: await access({ aud: PAGE, scp: undefined }) },
      'without a user': { token: await key.sign({ ...withoutScope, roles: ['Chat.All'], idtyp: 'app' }) },
    },
  };
}

/** Whoever has a directory: the document calls the claim `tenantid`. */
export async function entraAnyDirectory(): Promise<ProviderShape> {
  const key = await signer('RS256', 'H9nj5AOSswMphg1SFx7jaV-lB9w');
  const keys = `${LOGIN}/organizations/discovery/v2.0/keys`;
  const access = (more: Claims) => key.sign({ ...version2(CUSTOMER), ...more }, { typ: 'JWT' });
  const stranger = id();
  return {
    documents: {
      [`${LOGIN}/organizations/v2.0/.well-known/openid-configuration`]: discoveryDocument(
        `${LOGIN}/{tenantid}/v2.0`,
        keys,
      ),
      [keys]: keySet([key], `${LOGIN}/{tenantid}/v2.0`),
    },
    tokens: [await access({})],
    tenant: CUSTOMER,
    pitfalls: {
      "no customer's": { token: await access({ tid: stranger, iss: `${LOGIN}/${stranger}/v2.0` }) },
      'name two directories': { token: await access({ tid: DIRECTORY }) },
    },
  };
}

/** Tokens as APIs get them that never chose a version. */
export async function entraVersion1(): Promise<ProviderShape> {
  const key = await signer('RS256', 'H9nj5AOSswMphg1SFx7jaV-lB9w');
  const keys = `${LOGIN}/common/discovery/keys`;
  const issuer = `https://sts.windows.net/${DIRECTORY}/`;
  const access = (aud: string) => key.sign(version1(aud), { typ: 'JWT', x5t: 'H9nj5AOSswMphg1SFx7jaV-lB9w' });
  return {
    documents: {
      [`${LOGIN}/${DIRECTORY}/.well-known/openid-configuration`]: discoveryDocument(issuer, keys),
      [keys]: keySet([key], issuer),
    },
    tokens: [await access(`api://${API}`), await access(API)],
    tenant: DIRECTORY,
    pitfalls: { 'a `nonce` in its header': { token: await graphToken(key) } },
  };
}

function version2(tid: string): Claims {
  return {
    ...dates(),
    aud: API,
    iss: `${LOGIN}/${tid}/v2.0`,
    nbf: seconds(-60),
    aio: 'ATQAy/8XAAAA',
    azp: PAGE,
    azpacr: '0',
    name: 'Ann',
    oid: id(),
    preferred_username: 'ann@acme.example',
    rh: '0.AXEA',
    scp: 'Chat.Use Profile.Read',
    sub: 'kQ3rV0w8LxY2mN5pT7uZ1aB4cD6eF9gH',
    tid,
    uti: 'b7Xq2mNfk0mJr1Z8cGwAAA',
    ver: '2.0',
  };
}

function version1(aud: string): Claims {
  return {
    ...dates(),
    aud,
    iss: `https://sts.windows.net/${DIRECTORY}/`,
    nbf: seconds(-60),
    acr: '1',
    appid: PAGE,
    appidacr: '0',
    oid: id(),
    scp: 'Chat.Use',
    sub: 'kQ3rV0w8LxY2mN5pT7uZ1aB4cD6eF9gH',
    tid: DIRECTORY,
    unique_name: 'ann@acme.example',
    ver: '1.0',
  };
}

/** What is signed has the hash of the nonce that the header shows, so that only Graph can check it. */
async function graphToken(key: Signer): Promise<string> {
  const nonce = 'Yk3mP0s7QxN5vR2tW8zB';
  const header = { typ: 'JWT', nonce: createHash('sha256').update(nonce).digest('base64url') };
  const [signedHeader = '', claims, signature] = (await key.sign(version1(GRAPH), header)).split('.');
  const shown = { ...(JSON.parse(Buffer.from(signedHeader, 'base64url').toString()) as object), nonce };
  return [Buffer.from(JSON.stringify(shown)).toString('base64url'), claims, signature].join('.');
}

/** Its keys do not say for which algorithm they are. */
function keySet(signers: readonly Signer[], issuer: string): object {
  return {
    keys: signers.map(({ jwk: { alg: _, ...jwk } }) => ({
      ...jwk,
      x5t: jwk.kid,
      x5c: ['MIIC/TCCAeWgAwIBAgII'],
      cloud_instance_name: 'microsoftonline.com',
      issuer,
    })),
  };
}
