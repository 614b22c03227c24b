import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import should from 'should';
import { ConfigurationError } from '../../../src/config/codes.js';
import type { EndpointEvent } from '../../../src/events/events.js';
import { UpgradeRouter } from '../../../src/handshake/upgrade-router.js';
import { Misconfigured } from '../../../src/listener/misconfigured.js';
import { ListenerServer } from '../../support/core/listener-server.js';
import { SocketClient } from '../../support/core/socket-client.js';
import { token } from '../../support/core/tokens.js';

describe('src/listener/misconfigured', () => {
  it('says of each upgrade that it refuses which problem refuses it, and tells the peer nothing of it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const bodies = new Set<string>();
    for (const code of ['secret-missing', 'jwks-uri'] as const) {
      const listener = new Misconfigured({ id: 'l', path: '/ws' }, new ConfigurationError(code), 0);
      const heard: EndpointEvent[] = [];
      listener.observe((event) => heard.push(event));
      UpgradeRouter.of(server).claim(listener);
      UpgradeRouter.of(server).settle(new Set());
      const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws?token=${token()}`;
      bodies.add((await SocketClient.refused(url)).body);
      should(heard).match([
        { kind: 'refused', code: 'unavailable', status: 503, problem: code, address: '127.0.0.1' },
      ]);
      UpgradeRouter.of(server).release(listener);
    }
    should([...bodies]).eql(['{"error":"unavailable"}']);
    server.close();
  });

  it('is told of a listener, too, that loses its path while it decides', async () => {
    let answer: (accepted: boolean) => void = () => {};
    let answers = () => {};
    const asked = new Promise<void>((resolve) => {
      answers = resolve;
    });
    const server = await ListenerServer.start({
      verifyClient: (_info, callback) => {
        answer = callback;
        answers();
      },
    });
    const refused = server.next('refused');
    const peer = SocketClient.refused(server.url(token()));
    await asked;
    server.listener.setOwner(false);
    answer(true);
    should(await refused).match({ code: 'unavailable', problem: 'path-taken' });
    should((await peer).status).equal(503);
    await server.stop();
  });
});
