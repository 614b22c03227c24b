import { once } from 'node:events';
import should from 'should';
import { Watch, type WatchTarget } from '../../../src/live/watch.js';
import { TooManyWatches, Watches } from '../../../src/live/watches.js';
import type { Connection } from '../../../src/sessions/connection.js';
import { ListenerServer, type ListenerServerOptions } from '../../support/core/listener-server.js';
import { CLAIMS } from '../../support/core/tokens.js';

describe('src/live/watch', () => {
  let server: ListenerServer;
  let stop: (() => void) | undefined;
  afterEach(async () => {
    stop?.();
    await server.stop();
  });

  async function start(properties: ListenerServerOptions['properties'] = {}): Promise<void> {
    server = await ListenerServer.start({ properties });
  }
  function watch(target: WatchTarget): Watch {
    const { connected } = server.listener;
    const watch = new Watch(target, (id) => connected.get(id)?.identity.tenantId);
    stop = server.listener.tap(watch);
    return watch;
  }
  /** The connection that came last. */
  function newest(): Connection {
    const last = [...server.listener.connected.all()].at(-1);
    if (last === undefined) throw new Error('nobody is connected');
    return last;
  }
  function said(watch: Watch): string[] {
    return watch.since(0).messages.map(({ direction, text }) => `${direction} ${text}`);
  }

  it('sees what one connection says and is told, and nobody else', async () => {
    await start({ routingScope: 'session' });
    const ann = await server.connect({ ...CLAIMS, sub: 'ann' });
    const connection = newest();
    const bob = await server.connect({ ...CLAIMS, sub: 'bob' });
    const seen = watch({ kind: 'connection', connection });
    const [fromAnn, fromBob] = [
      await server.messageFrom(ann, 'question'),
      await server.messageFrom(bob, 'other'),
    ];
    await server.send({ ...fromAnn, payload: 'answer' });
    await server.send({ ...fromBob, payload: 'other answer' });
    should(said(seen)).eql(['in question', 'out answer']);
  });

  for (const scope of ['tenant', 'global']) {
    it(`sees what is sent to all of a ${scope} listener as sent to each`, async () => {
      await start({ routingScope: scope });
      const ann = await server.connect({ ...CLAIMS, sub: 'ann' });
      await server.connect({ ...CLAIMS, sub: 'bob' });
      const seen = watch({ kind: 'connection', connection: newest() });
      await server.send({ ...(await server.messageFrom(ann, 'hello')), payload: 'to all' });
      should(said(seen)).eql(['out to all']);
    });
  }

  it('sees a tenant, and nothing of another', async () => {
    await start({ routingScope: 'tenant' });
    const ann = await server.connect({ ...CLAIMS, tenant_id: 'acme' });
    const bob = await server.connect({ ...CLAIMS, tenant_id: 'globex' });
    const seen = watch({ kind: 'tenant', tenantId: 'acme' });
    for (const one of [ann, bob])
      await server.send({ ...(await server.messageFrom(one, 'hi')), payload: 'ho' });
    should(said(seen)).eql(['in hi', 'out ho']);
  });

  it('sees an answer to one session of its tenant', async () => {
    await start({ routingScope: 'session' });
    const ann = await server.connect({ ...CLAIMS, tenant_id: 'acme' });
    const seen = watch({ kind: 'tenant', tenantId: 'acme' });
    await server.send({ ...(await server.messageFrom(ann, 'hi')), payload: 'ho' });
    should(said(seen)).eql(['in hi', 'out ho']);
  });

  it('keeps 200 characters of each, whole ones, and says how many bytes it had', async () => {
    await start();
    const client = await server.connect();
    const seen = watch({ kind: 'connection', connection: newest() });
    await server.messageFrom(client, 'ü'.repeat(300));
    await server.messageFrom(client, Buffer.alloc(300, 0xab));
    const [text, binary] = seen.since(0).messages;
    should([text?.text, text?.bytes]).eql(['ü'.repeat(200), 600]);
    should([binary?.text, binary?.bytes]).eql(['ab'.repeat(100), 300]);
  });

  it('keeps the last 100, and gives each of them once', async () => {
    await start();
    const client = await server.connect();
    const seen = watch({ kind: 'connection', connection: newest() });
    for (let i = 0; i < 105; i += 1) await server.messageFrom(client, String(i));
    const { messages, next } = seen.since(0);
    should(messages).have.length(100);
    should([messages[0]?.text, next]).eql(['5', 105]);
    should(seen.since(next).messages).eql([]);
    await server.messageFrom(client, 'last');
    should(seen.since(next).messages.map(({ text }) => text)).eql(['last']);
  });

  it('never sees a token that comes in a message', async () => {
    await start({ tokenSources: 'query,message' });
    const client = await server.connect();
    const seen = watch({ kind: 'connection', connection: newest() });
    client.send(JSON.stringify({ type: 'authenticate', token: 'a.b.c' }));
    await client.next();
    await server.messageFrom(client, 'hello');
    should(said(seen)).eql(['in hello']);
  });

  describe('watches', () => {
    it('end when nobody has asked for a while, and see nothing from then on', async () => {
      await start();
      const client = await server.connect();
      const watches = new Watches({ maxMs: 60_000, idleMs: 1 });
      const one = new Watch({ kind: 'connection', connection: newest() }, () => undefined);
      let ticket = '';
      await new Promise<void>((resolve) => {
        ticket = watches.open(one, (tap) => {
          const detach = server.listener.tap(tap);
          return () => {
            detach();
            resolve();
          };
        });
      });
      await server.messageFrom(client, 'unseen');
      should(watches.ask(ticket, 0)).eql({ messages: [], next: 0, ended: true });
      should(one.since(0).messages).eql([]);
    });

    it('end after their time, however often they are asked for', async () => {
      await start();
      await server.connect();
      const watches = new Watches({ maxMs: 1, idleMs: 60_000 });
      const one = new Watch({ kind: 'connection', connection: newest() }, () => undefined);
      await new Promise<void>((resolve) => watches.open(one, () => resolve));
    });

    it('end with the connection, and still give what it said last', async () => {
      await start();
      const client = await server.connect();
      const watches = new Watches();
      const one = new Watch({ kind: 'connection', connection: newest() }, () => undefined);
      const ticket = watches.open(one, (tap) => server.listener.tap(tap));
      await server.messageFrom(client, 'good-bye');
      should(watches.ask(ticket, 0).ended).be.false();
      const { connection } = one.target as Extract<WatchTarget, { kind: 'connection' }>;
      connection.close({ by: 'listener', code: 4403, reason: 'disconnected' });
      const { messages, ended } = watches.ask(ticket, 0);
      should([messages.map(({ text }) => text), ended]).eql([['good-bye'], true]);
      should(watches.ask(ticket, 0).messages).eql([]);
      await once(client.socket, 'close');
    });

    it('are eight at a time', async () => {
      await start();
      await server.connect();
      const watches = new Watches();
      const open = () =>
        watches.open(new Watch({ kind: 'tenant', tenantId: 'acme' }, () => null), () => () => {});
      for (let i = 0; i < 8; i += 1) open();
      should(open).throw(TooManyWatches);
      watches.close();
      should(open).not.throw();
      watches.close();
    });
  });
});
