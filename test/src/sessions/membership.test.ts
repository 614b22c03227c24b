import should from 'should';
import { ListenerServer } from '../../support/core/listener-server.js';
import type { SocketClient } from '../../support/core/socket-client.js';

const properties = { enforceLimits: true, maxConnectionsPerSubject: '1' };

describe('src/sessions: connections of one subject', () => {
  let server: ListenerServer;

  async function start(more: Record<string, unknown>): Promise<void> {
    server = await ListenerServer.start({ properties: { ...properties, ...more } });
  }

  function ann(): Promise<SocketClient> {
    return server.connect({ sub: 'ann', tenant_id: 'acme' });
  }

  afterEach(() => server.stop());

  it('refuses one more with 429', async () => {
    await start({});
    await ann();
    await should(ann()).rejectedWith(/429/);
    should(server.refusals).eql([{ code: 'too_many_connections', status: 429 }]);
  });

  it('replaces the oldest, which is told so and reaches no flow any more', async () => {
    await start({ maxConnectionsPerSubject: '2', whenFull: 'replace' });
    const first = await ann();
    const second = await ann();
    const disconnect = server.next('disconnect');
    const third = await ann();
    should(await first.closed).eql({ code: 4409, reason: 'replaced' });
    should(await disconnect).match({ by: 'listener', code: 4409, reason: 'replaced' });
    for (const peer of [second, third]) should(await server.messageFrom(peer)).match({ payload: 'hello' });
  });

  it('lets the replaced connection take no place of its tenant', async () => {
    await start({ maxConnections: '1', whenFull: 'replace' });
    for (let count = 0; count < 5; count += 1) await ann();
    should(server.refusals).eql([]);
    await should(server.connect({ sub: 'bob', tenant_id: 'acme' })).rejectedWith(/429/);
  });

  it('counts each subject of each tenant by itself, and nobody without one', async () => {
    await start({});
    await ann();
    await server.connect({ sub: 'ann', tenant_id: 'other' });
    await server.connect({ sub: 'bob', tenant_id: 'acme' });
    await server.connect({ tenant_id: 'acme' });
    await server.connect({ tenant_id: 'acme' });
    should(server.refusals).eql([]);
  });

  it('replaces nobody where none may be', async () => {
    await start({ maxConnectionsPerSubject: '0', whenFull: 'replace' });
    await should(ann()).rejectedWith(/429/);
  });

  it('gives the place back when a connection ends', async () => {
    await start({});
    const disconnect = server.next('disconnect');
    await (await ann()).close();
    await disconnect;
    await ann();
  });
});
