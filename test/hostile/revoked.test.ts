import should from 'should';
import type { ControlOutcome, ControlRequest } from '../../src/endpoint/control.js';
import { holding } from '../support/core/holding.js';
import { ListenerServer, type ListenerServerOptions } from '../support/core/listener-server.js';
import { memoryStore } from '../support/core/memory-store.js';
import { SocketClient } from '../support/core/socket-client.js';
import { seconds, token } from '../support/core/tokens.js';

const ANN = { sub: 'ann', tenant_id: 'acme', exp: seconds(3600), iat: seconds(-10) };
const REVOKE: ControlRequest = { kind: 'revoke', tokens: { subject: 'ann' }, seconds: 60 };

function login(claims: Record<string, unknown>): string {
  return JSON.stringify({ type: 'authenticate', token: token(claims) });
}

describe('hostile: a token that is revoked', () => {
  let server: ListenerServer;

  async function start(options: ListenerServerOptions = {}): Promise<void> {
    server = await ListenerServer.start(options);
  }

  async function control(request: ControlRequest): Promise<ControlOutcome> {
    return server.listener.control(request);
  }

  afterEach(() => server.stop());

  it('ends its connections with 4401, and opens none', async () => {
    await start();
    const ann = await server.connect(ANN);
    const bob = await server.connect({ ...ANN, sub: 'bob' });
    const disconnect = server.next('disconnect');
    should(await control(REVOKE)).match({ kind: 'payload', payload: { disconnected: 1 } });
    should(await ann.closed).eql({ code: 4401, reason: 'token revoked' });
    should(await disconnect).match({ by: 'listener', code: 4401, reason: 'token revoked' });
    should(await SocketClient.refused(server.url(token(ANN)))).match({
      status: 401,
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
      body: '{"error":"token_revoked"}',
    });
    should(await server.messageFrom(bob)).match({ payload: 'hello' });
    await (await server.connect({ ...ANN, iat: seconds(5) })).close();
  });

  it('is let in again when that is taken back', async () => {
    await start();
    await control(REVOKE);
    should((await SocketClient.refused(server.url(token(ANN)))).status).equal(401);
    should(await control({ kind: 'restore', tokens: { subject: 'ann' } })).match({
      payload: { restored: 1 },
    });
    await (await server.connect(ANN)).close();
  });

  it('between its verification and its WebSocket', async () => {
    const { middleware, reached, go } = holding();
    await start({ middleware: [middleware] });
    const refused = SocketClient.refused(server.url(token(ANN)));
    await reached;
    await control(REVOKE);
    go();
    should((await refused).body).equal('{"error":"token_revoked"}');
    should(server.listener.connected.size).equal(0);
  });

  it('by its tenant, before anybody connects with it', async () => {
    await start();
    await control({ kind: 'revoke', tokens: { tenantId: 'acme' }, seconds: 60 });
    should((await SocketClient.refused(server.url(token(ANN)))).body).equal('{"error":"token_revoked"}');
    await (await server.connect({ ...ANN, tenant_id: 'other' })).close();
  });

  describe('where tokens are sent in messages', () => {
    const properties = { tokenSources: ['query', 'message'] };

    it('while the peer is pending', async () => {
      await start({ properties });
      const peer = await SocketClient.open(server.url());
      await control(REVOKE);
      peer.send(login(ANN));
      should(await peer.nextJson()).eql({ type: 'unauthorized', error: 'token_revoked' });
      should(await peer.closed).eql({ code: 4401, reason: 'token_revoked' });
    });

    it('while a pending peer is verified', async () => {
      const { middleware, reached, go } = holding();
      await start({ properties, middleware: [middleware] });
      const peer = await SocketClient.open(server.url());
      peer.send(login(ANN));
      await reached;
      await control(REVOKE);
      go();
      should(await peer.nextJson()).eql({ type: 'unauthorized', error: 'token_revoked' });
      should((await peer.closed).code).equal(4401);
      should(server.listener.connected.size).equal(0);
    });

    it('as the new one of a connection, which goes on with its old one', async () => {
      let held = holding();
      let calls = 0;
      await start({
        properties,
        middleware: [
          (...given) => {
            calls += 1;
            if (calls === 1) given[1]();
            else held.middleware(...given);
          },
        ],
      });
      const peer = await server.connect({ ...ANN, jti: 'old' });
      held = holding();
      peer.send(login({ ...ANN, jti: 'new', exp: seconds(7200) }));
      await held.reached;
      should(await control({ kind: 'revoke', tokens: { jti: 'new' }, seconds: 60 })).match({
        payload: { disconnected: 0 },
      });
      held.go();
      should(await peer.nextJson()).eql({ type: 'unauthorized', error: 'token_revoked' });
      should(await server.messageFrom(peer)).match({ payload: 'hello' });
    });
  });

  it('is refused from the first handshake on after a restart, however long the store takes', async () => {
    const before = memoryStore();
    await start({ revocationStore: before });
    await control(REVOKE);
    await server.stop();
    let give = () => {};
    const load = new Promise<unknown>((resolve) => {
      give = () => resolve(before.saved.at(-1));
    });
    await start({ revocationStore: { load: () => load, save: async () => {} } });
    const ann = SocketClient.refused(server.url(token(ANN)));
    const bob = server.connect({ ...ANN, sub: 'bob' });
    give();
    should((await ann).body).equal('{"error":"token_revoked"}');
    await (await bob).close();
  });

  it('lets nobody in while the store does not say which are, with 503', async () => {
    await start({
      revocationStore: { load: () => Promise.reject(new Error('no disk')), save: async () => {} },
    });
    should(await SocketClient.refused(server.url(token(ANN)))).match({
      status: 503,
      body: '{"error":"unavailable"}',
    });
    should(server.events.items).matchAny({ kind: 'revocations-failed' });
    await should(control(REVOKE)).rejectedWith({ code: 'revocations-failed' });
  });

  it('is in force, and an error, where it could not be saved', async () => {
    await start({
      revocationStore: { load: async () => undefined, save: () => Promise.reject(new Error('disk full')) },
    });
    await should(control(REVOKE)).rejectedWith({ code: 'control-not-saved' });
    should((await SocketClient.refused(server.url(token(ANN)))).status).equal(401);
  });

  it('cannot be where nobody is asked for one', async () => {
    await start({ properties: { jwtValidation: 'none' } });
    const anybody = await SocketClient.open(server.url());
    await should(control(REVOKE)).rejectedWith({ code: 'control-unsupported' });
    should(await server.messageFrom(anybody)).match({ payload: 'hello' });
  });
});
