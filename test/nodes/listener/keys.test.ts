import should from 'should';
import { setEnvironment } from '../../support/core/environment.js';
import { JwksServer } from '../../support/core/jwks-server.js';
import { SocketClient } from '../../support/core/socket-client.js';
import { type Signer, signer } from '../../support/core/tokens.js';
import { Runtime } from '../../support/runtime/runtime.js';

const PROXY_PASSWORD = 'SECRET-PASSWORD';

describe('nodes: the keys of a listener', () => {
  let rsa: Signer;
  let endpoint: JwksServer;
  let runtime: Runtime;
  let restoreEnvironment: () => void;

  before(async () => {
    rsa = await signer('RS256', 'one');
  });
  beforeEach(async () => {
    restoreEnvironment = setEnvironment();
    endpoint = await JwksServer.start([rsa.jwk]);
  });
  afterEach(async () => {
    await runtime.stop();
    await endpoint.stop();
    restoreEnvironment();
  });

  function start(jwksUri: string, settings: Record<string, unknown> = {}): Promise<Runtime> {
    const listener = {
      id: 'l',
      type: 'websocket-plus-listener',
      path: '/ws',
      jwtValidation: 'jwks',
      jwksUri,
    };
    return Runtime.start([{ id: 'f', type: 'tab' }, listener], {}, settings);
  }

  it('come through the proxy of settings.js, whose password is nowhere in the log', async () => {
    // the endpoint itself answers as a proxy would that has reached one
    const proxy = endpoint.uri.replace('http://', `http://user:${PROXY_PASSWORD}@`);
    runtime = await start('http://keys.test/jwks.json', { proxyOptions: { http_proxy: proxy } });
    const client = await SocketClient.open(runtime.url('/ws', await rsa.sign()));
    await client.close();
    should(endpoint.fetches).equal(1);
    should(runtime.wholeLog).not.containEql(PROXY_PASSWORD);
  });
});
