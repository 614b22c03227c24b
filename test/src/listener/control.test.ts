import should from 'should';
import type { ControlRequest } from '../../../src/endpoint/control.js';
import { ListenerServer } from '../../support/core/listener-server.js';

type Row = Record<string, unknown>;

describe('src/listener/control', () => {
  let server: ListenerServer;

  async function start(properties: Record<string, unknown> = {}): Promise<void> {
    server = await ListenerServer.start({ properties });
  }

  async function payload(request: ControlRequest): Promise<unknown> {
    const outcome = await server.listener.control(request);
    return outcome.kind === 'payload' ? outcome.payload : should.fail(outcome.kind, 'payload');
  }

  afterEach(() => server.stop());

  it('lists who is connected, with what came and went, to the byte', async () => {
    await start();
    const before = Date.now();
    const ann = await server.connect({ sub: 'ann', tenant_id: 'acme', exp: 4e9 });
    const bob = await server.connect({ sub: 'bob', tenant_id: 'acme' });
    const { _session } = await server.messageFrom(ann, 'hé');
    await server.messageFrom(ann, Buffer.alloc(300));
    await server.send({ payload: 'x'.repeat(70_000), _session });
    await server.send({ payload: Buffer.alloc(200), _session });
    const rows = (await payload({ kind: 'list', selector: { kind: 'everybody' }, limit: 10 })) as Row[];
    const sent = { messages: 2, bytes: 70_200 };
    should(rows).match([
      {
        session: _session,
        address: '127.0.0.1',
        expiresAt: 4e12,
        received: { messages: 2, bytes: 303 },
        sent,
      },
      { session: { subject: 'bob' }, expiresAt: null, received: { messages: 0, bytes: 0 }, sent },
    ]);
    should(Object.keys(rows[0] ?? {})).eql([
      'session',
      'address',
      'connectedAt',
      'expiresAt',
      'received',
      'sent',
      'bufferedBytes',
    ]);
    should(rows[0]?.connectedAt).be.within(before, Date.now());
    should(server.listener.traffic).match({
      received: { messages: 2, bytes: 303 },
      sent: { messages: 4, bytes: 140_400 },
    });
    await Promise.all([ann.close(), bob.close()]);
  });

  it('counts a message to who was there, not to who comes later, nor to who did not read', async () => {
    await start();
    const ann = await server.connect();
    const { _session } = await server.messageFrom(ann);
    await server.send({ payload: 'early', _session });
    const late = await server.connect();
    await server.send({ payload: 'late', _session });
    const rows = (await payload({ kind: 'list', selector: { kind: 'everybody' }, limit: 10 })) as Row[];
    should(rows.map(({ sent }) => sent)).eql([
      { messages: 2, bytes: 9 },
      { messages: 1, bytes: 4 },
    ]);
    await late.close();
  });

  it('counts connections and tenants', async () => {
    await start();
    for (const tenant_id of ['acme', 'acme', 'other']) await server.connect({ sub: tenant_id, tenant_id });
    should(await payload({ kind: 'count', selector: { kind: 'everybody' } })).eql({
      connections: 3,
      tenants: 2,
    });
    should(await payload({ kind: 'count', selector: { kind: 'matching', tenantId: 'acme' } })).eql({
      connections: 2,
      tenants: 1,
    });
  });

  it('disconnects who is meant, with code and reason, and counts nobody twice', async () => {
    await start();
    const ann = await server.connect({ sub: 'ann', tenant_id: 'acme' });
    const bob = await server.connect({ sub: 'bob', tenant_id: 'acme' });
    const disconnect = server.next('disconnect');
    const request: ControlRequest = {
      kind: 'disconnect',
      selector: { kind: 'matching', subject: 'ann' },
      code: 4999,
      reason: 'over the limit of 5 €',
    };
    should(await payload(request)).eql({ disconnected: 1 });
    should(await payload(request)).eql({ disconnected: 0 });
    should(await ann.closed).eql({ code: 4999, reason: 'over the limit of 5 €' });
    should(await disconnect).match({ by: 'flow', code: 4999, reason: 'over the limit of 5 €' });
    should(await server.messageFrom(bob)).match({ payload: 'hello' });
  });

  it('addresses a tenant of which nobody has spoken', async () => {
    await start();
    const outcome = await server.listener.control({ kind: 'address', tenantId: 'acme' });
    should(outcome).match({
      kind: 'session',
      session: { type: 'websocket', tenantId: 'acme', authStatus: 'none' },
    });
    const ann = await server.connect({ sub: 'ann', tenant_id: 'acme' });
    const other = await server.connect({ sub: 'ann', tenant_id: 'other' });
    const _session = outcome.kind === 'session' ? outcome.session : undefined;
    should(await server.send({ payload: 'news', _session })).equal(undefined);
    should(await ann.nextText()).equal('news');
    should(await server.send({ payload: 'stolen', _session: { ..._session, tenantId: 'other' } })).match({
      code: 'send-no-session',
    });
    await other.drained();
    should(other.unread).equal(0);
  });

  for (const [what, properties] of [
    ['has one other tenant', { tenantFrom: 'static', tenantId: 'house' }],
    ['has none', { jwtValidation: 'none' }],
  ] as const) {
    it(`addresses no tenant where the listener ${what}`, async () => {
      await start(properties);
      await should(payload({ kind: 'address', tenantId: 'acme' })).rejectedWith({ code: 'control-tenant' });
    });
  }

  it('does nothing on a path that is somebody else’s', async () => {
    await start();
    server.listener.setOwner(false);
    await should(payload({ kind: 'count', selector: { kind: 'everybody' } })).rejectedWith({
      code: 'path-taken',
    });
  });
});
