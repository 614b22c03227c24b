import should from 'should';
import { GrantedTokens } from '../../../src/client/granted-tokens.js';
import { TokenServer } from '../../support/core/token-server.js';

describe('src/client/granted-tokens', () => {
  let server: TokenServer;
  let tokens: GrantedTokens;
  let nowMs: number;

  beforeEach(async () => {
    nowMs = Date.now();
    server = await TokenServer.start();
    tokens = new GrantedTokens(
      {
        tokenUrl: server.url,
        clientId: 'device',
        clientSecret: 'secret',
        clientAuth: 'basic',
        scope: '',
        audience: '',
      },
      () => ({ tls: {}, proxy: undefined }),
      () => nowMs,
    );
  });
  afterEach(async () => {
    tokens.close();
    await server.stop();
  });

  const text = async () => (await tokens.next()).text;

  it('keeps a token until 30 s before it expires', async () => {
    server.answer = TokenServer.granting(100);
    const first = await text();
    nowMs += 69_999;
    should(await text()).equal(first);
    nowMs += 1;
    should(await text()).not.equal(first);
    should(server.requests.length).equal(2);
  });

  it('asks once, however many want a token', async () => {
    const all = await Promise.all([text(), text(), text()]);
    should(new Set(all).size).equal(1);
    should(server.requests.length).equal(1);
  });

  it('gives a newer one than the one in use, if need be one that it has already', async () => {
    const first = await text();
    const second = (await tokens.newer(first)).text;
    should(second).not.equal(first);
    should((await tokens.newer(first)).text).equal(second);
    should(server.requests.length).equal(2);
  });

  it('drops a token that a server refused, once', async () => {
    server.answer = TokenServer.json({ access_token: 'the-same-each-time', expires_in: 3600 });
    const first = await text();
    tokens.refused(first);
    await text();
    should(server.requests.length).equal(2);
    tokens.refused(first); // it was asked for anew already
    await text();
    should(server.requests.length).equal(2);
    tokens.refused('some other');
    await text();
    should(server.requests.length).equal(2);
  });

  it('asks again after a failure, and names it each time', async () => {
    server.answer = TokenServer.json({ error: 'invalid_client' }, 401); // the secret was changed
    for (let i = 0; i < 2; i += 1) {
      await should(Promise.resolve(tokens.next())).be.rejectedWith({ reason: 'token 401 invalid_client' });
    }
    server.answer = TokenServer.granting();
    should(await text()).be.a.String();
    should(server.requests.length).equal(3);
  });

  it('ends a request that is under way when it is closed', async () => {
    server.answer = () => {};
    const asking = tokens.next();
    await server.asked.next();
    tokens.close();
    await should(Promise.resolve(asking)).be.rejected();
  });
});
