import should from 'should';
import { ListenerCounts } from '../../../src/metrics/listener-counts.js';
import { JwksServer } from '../../support/core/jwks-server.js';
import { ListenerServer, type ListenerServerOptions } from '../../support/core/listener-server.js';
import { SocketClient } from '../../support/core/socket-client.js';
import { CLAIMS, seconds, signer, token } from '../../support/core/tokens.js';

describe('src/metrics/listener-counts', () => {
  let server: ListenerServer;
  let counts: ListenerCounts;
  afterEach(() => server.stop());

  async function start(options?: ListenerServerOptions): Promise<void> {
    counts = new ListenerCounts();
    server = await ListenerServer.start(options);
    server.listener.observe((event) => counts.count(event));
  }

  it('counts who was let in, how long that took, and how it ended', async () => {
    await start();
    for (const code of [1000, 4000]) {
      const client = await server.connect();
      const gone = server.next('disconnect');
      client.socket.close(code);
      await gone;
    }
    should(positive(counts.handshakes.entries())).eql({ accepted: 2 });
    should(counts.handshakeTimes.count).equal(2);
    should(counts.handshakeTimes.sum).be.above(0).and.below(5);
    should(positive(counts.disconnects.entries())).eql({ 1000: 1, other: 1 });
  });

  it('counts who was refused, by code, and knows all codes beforehand', async () => {
    await start();
    should(Object.fromEntries(counts.handshakes.entries())).containEql({ token_expired: 0, unavailable: 0 });
    await SocketClient.refused(server.url());
    await SocketClient.refused(server.url(token({ ...CLAIMS, exp: seconds(-60) })));
    await SocketClient.refused(server.url(token({ ...CLAIMS, exp: seconds(-60) })));
    should(positive(counts.handshakes.entries())).eql({ token_missing: 1, token_expired: 2 });
    should(counts.handshakeTimes.count).equal(0);
  });

  it('counts whom we closed for not reading', async () => {
    await start({ maxBufferedBytes: 64 * 1024, properties: { routingScope: 'global' } });
    const client = await server.connect();
    client.socket.pause();
    const gone = server.next('disconnect');
    for (let sent = 0; sent < 400; sent += 1) await server.send({ payload: 'x'.repeat(60_000) }); // more than sockets hold
    await gone;
    client.socket.terminate();
    should(counts.slowConsumers).equal(1);
  });

  it('counts each fetch of keys, and knows how old they are', async () => {
    const rsa = await signer('RS256', 'a');
    const endpoint = await JwksServer.start([rsa.jwk]);
    const { answer } = endpoint;
    endpoint.answer = JwksServer.status(500);
    const timing = {
      refreshMs: 600_000,
      cooldownMs: 30_000,
      minBackoffMs: 1,
      maxBackoffMs: 1,
      timeoutMs: 4000,
    };
    await start({ properties: { jwtValidation: 'jwks', jwksUri: endpoint.uri }, jwksTiming: timing });
    await server.next('keys-failed-again');
    should(counts.keysAgeSeconds()).be.undefined();
    endpoint.answer = answer;
    await server.next('keys-fetched');
    await endpoint.stop();
    const fetches = Object.fromEntries(counts.keyFetches.entries());
    should(fetches.ok).equal(1);
    should(fetches['jwks-status']).be.above(1);
    should(counts.keysAgeSeconds()).be.within(0, 60);
    should(counts.keysAgeSeconds(Date.now() + 90_000)).be.within(90, 150);
  });
});

function positive(entries: Iterable<[string, number]>): Record<string, number> {
  return Object.fromEntries([...entries].filter(([, count]) => count > 0));
}
