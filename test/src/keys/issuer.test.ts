import should from 'should';
import type { KeysEvent } from '../../../src/events/events.js';
import { ListenerCounts } from '../../../src/metrics/listener-counts.js';
import { issuer } from '../../support/core/issuers.js';
import { JwksServer } from '../../support/core/jwks-server.js';
import { ListenerServer } from '../../support/core/listener-server.js';
import { signer } from '../../support/core/tokens.js';

describe('src/keys/issuer', () => {
  it('tells who comes later of the last good fetch, and when it was', async () => {
    const rsa = await signer('RS256', 'a');
    const endpoint = await JwksServer.start([rsa.jwk]);
    const one = issuer('i', {
      keysFrom: 'jwks',
      issuer: 'https://issuer.example.com',
      jwksUri: endpoint.uri,
    });
    await new Promise<void>((resolve) => one.observe(({ kind }) => kind === 'keys-fetched' && resolve()));
    const heard: KeysEvent[] = [];
    one.observe((event) => heard.push(event))();
    should(heard).match([{ kind: 'keys-fetched', issuer: 'i' }]);
    should(heard[0]?.toldAgain).be.within(Date.now() - 10_000, Date.now());

    const counts = new ListenerCounts();
    const properties = { jwtValidation: 'issuers', issuer: 'i' };
    const server = await ListenerServer.start({
      properties,
      issuers: [one],
      observer: (event) => counts.count(event),
    });
    should(counts.keysAgeSeconds()).be.within(0, 10);
    should([...counts.keyFetches.entries()]).eql([]); // it was not fetched for this listener
    await server.stop();
    one.close();
    await endpoint.stop();
  });
});
