import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import should from 'should';
import { parseIssuerOptions } from '../../../src/config/issuer-options.js';
import { fetchKeys } from '../../../src/trial/fetch-keys.js';
import { SECRET, type Signer, signer } from '../../support/core/tokens.js';

describe('src/trial/fetch-keys', () => {
  let rsa: Signer;
  let server: Server;
  let origin: string;
  let keys: unknown[];

  before(async () => {
    rsa = await signer('RS256', 'rsa-1');
  });
  beforeEach(async () => {
    keys = [rsa.jwk];
    server = createServer(({ url }, response) => {
      if (url === '/keys') response.end(JSON.stringify({ keys }));
      else if (url === '/.well-known/oauth-authorization-server/a')
        response.end(JSON.stringify({ issuer: `${origin}/a`, jwks_uri: `${origin}/keys` }));
      else response.writeHead(404).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  function fetched(properties: Record<string, unknown>) {
    return fetchKeys(parseIssuerOptions(properties, { secret: SECRET }), {});
  }

  it('says which addresses were asked, in their order, and what the keys call themselves', async () => {
    should(await fetched({ issuer: `${origin}/a` })).eql({
      addresses: [
        `${origin}/a/.well-known/openid-configuration`,
        `${origin}/.well-known/oauth-authorization-server/a`,
        `${origin}/keys`,
      ],
      keySet: { kind: 'fetched', keys: [{ kid: 'rsa-1', kty: 'RSA', alg: 'RS256', use: 'sig' }] },
    });
  });

  it('shows nothing of the keys themselves, and why others are of no use', async () => {
    keys = [rsa.jwk, { ...rsa.jwk, kid: 'e', use: 'enc' }, { kty: 'oct', k: 'private-part', kid: 'o' }];
    const answer = await fetched({ keysFrom: 'jwks', jwksUri: `${origin}/keys` });
    should(answer).match({ addresses: [`${origin}/keys`] });
    should(JSON.stringify(answer)).not.match(/private-part|AQAB/);
    const problems =
      answer?.keySet.kind === 'fetched' ? answer.keySet.keys.map(({ problem }) => problem) : [];
    should(problems).eql([undefined, 'use', 'type']);
  });

  it('shows a set of which no key is usable, which a running issuer would not take', async () => {
    keys = [{ ...rsa.jwk, use: 'enc' }];
    should((await fetched({ keysFrom: 'jwks', jwksUri: `${origin}/keys` }))?.keySet).match({
      kind: 'fetched',
      keys: [{ problem: 'use' }],
    });
  });

  it('says in the fixed words why nothing came, and whom it had asked by then', async () => {
    const status = await fetched({ keysFrom: 'jwks', jwksUri: `${origin}/no` });
    should(status).eql({
      addresses: [`${origin}/no`],
      keySet: { kind: 'failed', code: 'jwks-status', detail: 404 },
    });
    const other = await fetched({
      issuer: `${origin}/b`,
      discoveryUrl: `${origin}/.well-known/oauth-authorization-server/a`,
    });
    should(other?.keySet).eql({ kind: 'failed', code: 'discovery-issuer' });
  });

  it('fetches nothing where keys come from nowhere', async () => {
    should(await fetched({ keysFrom: 'secret' })).equal(undefined);
  });
});
