import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import should from 'should';
import { setEnvironment } from '../../support/core/environment.js';
import { JwksServer } from '../../support/core/jwks-server.js';
import { SocketClient } from '../../support/core/socket-client.js';
import { CLAIMS, SECRET, type Signer, seconds, signer, token } from '../../support/core/tokens.js';
import { Runtime } from '../../support/runtime/runtime.js';

const TAB = { id: 'f', type: 'tab' };

function listener(id: string, issuer: string, more: Record<string, unknown> = {}) {
  const type = 'websocket-plus-listener';
  return { id, type, path: `/${id}`, jwtValidation: 'issuers', issuer, ...more };
}

function out(server: string) {
  return { id: `out-${server}`, z: 'f', type: 'websocket-plus out', server, wires: [] };
}

describe('nodes/issuer', () => {
  let rsa: Signer;
  let runtime: Runtime | undefined;
  let restoreEnvironment: () => void;
  before(async () => {
    rsa = await signer('RS256', 'one');
  });
  beforeEach(() => {
    restoreEnvironment = setEnvironment();
  });
  afterEach(async () => {
    await runtime?.stop();
    restoreEnvironment();
  });

  it('finds its keys by discovery, once for all listeners that name it', async () => {
    let fetches = 0;
    let origin = '';
    const server: Server = createServer(({ url = '' }, response) => {
      fetches += 1;
      const isDocument = url === '/.well-known/openid-configuration';
      response.end(
        JSON.stringify(isDocument ? { issuer: origin, jwks_uri: `${origin}/k` } : { keys: [rsa.jwk] }),
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const issuer = { id: 'i', type: 'websocket-plus-issuer', issuer: origin };
    runtime = await Runtime.start([TAB, issuer, listener('a', 'i'), listener('b', 'i')]);
    const jwt = await rsa.sign({ ...CLAIMS, iss: origin, exp: seconds(60) });
    for (const path of ['/a', '/b']) {
      const client = await SocketClient.open(runtime.url(path, jwt));
      await client.close();
    }
    should(fetches).equal(2);
    server.close();
  });

  it('takes a secret and what settings.js has, and keeps both out of the log', async () => {
    const shared = { id: 's', type: 'websocket-plus-issuer', issuer: 'shared', keysFrom: 'secret' };
    const asked = {
      id: 'x',
      type: 'websocket-plus-issuer',
      issuer: 'asked',
      keysFrom: 'function',
      keysFunction: 'mine',
      algorithms: ['HS256'],
    };
    runtime = await Runtime.start(
      [TAB, shared, asked, listener('a', 's', { issuer2: 'x' })],
      { s: { secret: SECRET } },
      { websocketPlusKeys: { mine: async () => `${SECRET}2` } },
    );
    for (const [iss, secret] of [
      ['shared', SECRET],
      ['asked', `${SECRET}2`],
    ] as const) {
      const jwt = token({ ...CLAIMS, iss, exp: seconds(60) }, { secret });
      const client = await SocketClient.open(runtime.url('/a', jwt));
      await client.close();
      const crossed = token(
        { ...CLAIMS, iss: iss === 'shared' ? 'asked' : 'shared', exp: seconds(60) },
        { secret },
      );
      should((await runtime.refused('/a', crossed)).status).equal(401);
    }
    should(runtime.wholeLog).not.containEql(SECRET);
  });

  it('says once what is wrong with it, and its listener refuses service', async () => {
    const issuer = {
      id: 'i',
      type: 'websocket-plus-issuer',
      keysFrom: 'static',
      publicKey: '-----BEGIN PRIVATE KEY-----',
    };
    runtime = await Runtime.start([TAB, issuer, listener('a', 'i'), out('a')]);
    should((await runtime.refused('/a', token())).status).equal(503);
    should(runtime.log.filter((line) => line.includes('errors.public-key-private')).length).equal(1);
  });

  it('shows on the nodes of its listener that its keys cannot be fetched, and tells it once', async () => {
    const endpoint = await JwksServer.start([]);
    endpoint.answer = JwksServer.status(500);
    const issuer = { id: 'i', type: 'websocket-plus-issuer', keysFrom: 'jwks', jwksUri: endpoint.uri };
    runtime = await Runtime.start([TAB, issuer, listener('a', 'i'), listener('b', 'i'), out('a'), out('b')]);
    const failed = runtime.log.filter((line) => line.includes('warn.jwks-status'));
    should((await runtime.refused('/a', await rsa.sign())).status).equal(401);
    should(runtime.lastStatus('out-a')?.fill).equal('red');
    should(failed.length).be.belowOrEqual(1);
    should(runtime.log.filter((line) => line.includes('warn.jwks-status')).length).equal(1);
    await endpoint.stop();
  });
});
