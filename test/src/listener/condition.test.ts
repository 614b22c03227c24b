import should from 'should';
import type { EndpointState, KeysEvent } from '../../../src/events/events.js';
import { Condition } from '../../../src/listener/condition.js';
import { JwksServer } from '../../support/core/jwks-server.js';
import { ListenerServer } from '../../support/core/listener-server.js';
import { SocketClient } from '../../support/core/socket-client.js';
import { signer } from '../../support/core/tokens.js';

const FETCHED: KeysEvent = { kind: 'keys-fetched', set: { keys: [] } };
const FAILED = { kind: 'keys-failed', code: 'jwks-status', stale: false } as const;
const FAILED_LATER = { ...FAILED, stale: true };
const RECOVERED = { kind: 'keys-recovered' } as const;

describe('src/listener/condition', () => {
  it('is idle until somebody connects, and empty once all are gone', () => {
    const condition = new Condition();
    should(condition.state(0)).eql({ kind: 'idle' });
    should(condition.state(2)).eql({ kind: 'connected', count: 2 });
    should(condition.state(0)).eql({ kind: 'empty' });
  });

  it('says that there are no keys, or old ones, whoever is connected', () => {
    const condition = new Condition();
    should(condition.keysChanged(FAILED)).equal(true);
    should(condition.state(0)).eql({ kind: 'keys-unavailable', oldKeys: false, count: 0 });
    should(condition.keysChanged(FETCHED)).equal(true);
    should(condition.keysChanged(RECOVERED)).equal(false);
    should(condition.state(0)).eql({ kind: 'idle' });
    should(condition.keysChanged(FAILED_LATER)).equal(true);
    should(condition.keysChanged(FAILED_LATER)).equal(false);
    should(condition.state(3)).eql({ kind: 'keys-unavailable', oldKeys: true, count: 3 });
  });

  it('follows the key endpoint of a listener down and up again, and lets in by the old keys meanwhile', async () => {
    const rsa = await signer('RS256', 'a');
    const endpoint = await JwksServer.start([rsa.jwk]);
    const { answer } = endpoint;
    endpoint.answer = JwksServer.status(500);
    const server = await ListenerServer.start({
      properties: { jwtValidation: 'jwks', jwksUri: endpoint.uri },
      jwksTiming: { refreshMs: 20, cooldownMs: 20, minBackoffMs: 20, maxBackoffMs: 20, timeoutMs: 4000 },
    });
    const next = async (wanted: EndpointState) => {
      for (;;) {
        const { state } = await server.next('state');
        if (state.kind === wanted.kind) return should(state).eql(wanted);
      }
    };
    await next({ kind: 'keys-unavailable', oldKeys: false, count: 0 });
    endpoint.answer = answer;
    await next({ kind: 'idle' });
    endpoint.answer = JwksServer.status(500);
    await next({ kind: 'keys-unavailable', oldKeys: true, count: 0 });
    const connected = server.next('connect');
    const client = await SocketClient.open(server.url(await rsa.sign()));
    should((await connected).state).eql({ kind: 'keys-unavailable', oldKeys: true, count: 1 });
    endpoint.answer = answer;
    await next({ kind: 'connected', count: 1 });
    const gone = server.next('disconnect');
    await client.close();
    should((await gone).state).eql({ kind: 'empty' });
    await server.stop();
    await endpoint.stop();
  });
});
