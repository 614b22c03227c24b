import should from 'should';
import type { WebSocket } from 'ws';
import { parseListenerOptions } from '../../src/config/listener-options.js';
import { Control } from '../../src/listener/control.js';
import { Revoking } from '../../src/listener/revoking.js';
import { FanOut } from '../../src/routing/fan-out.js';
import { FAN_OUT_LIMITS } from '../../src/routing/fan-out-limits.js';
import { Connection } from '../../src/sessions/connection.js';
import { Registry } from '../../src/sessions/registry.js';
import { Revocations } from '../../src/sessions/revocations.js';
import { createSessionIds } from '../../src/sessions/session-id.js';
import { verifiedIdentity } from '../../src/token/identity.js';
import { serverFrame } from '../../src/wire/server-frame.js';
import { memoryStore } from '../support/core/memory-store.js';
import { SECRET } from '../support/core/tokens.js';

const MANY = 10_000;
const TENANTS = 100;

/** The socket of a connection that only counts. */
class CountingSocket {
  readonly OPEN = 1;
  readonly extensions = 'none'; // so that frames are handed to `send`
  readonly bufferedAmount = 0;
  readonly isPaused = false;
  readyState = 1;
  sent = 0;
  closed: number | undefined;

  send(): void {
    this.sent += 1;
  }

  close(code: number): void {
    this.readyState = 2;
    this.closed = code;
  }
}

describe('hostile: a listener with 10,000 connections', () => {
  it('lists, counts and closes half of them while a broadcast is under way, and every count is exact', async () => {
    const registry = new Registry();
    const sessionIds = createSessionIds(Buffer.alloc(32, 1));
    const sockets = new Map<string, CountingSocket>();
    for (let i = 0; i < MANY; i += 1) {
      const tenantId = `tenant ${i % TENANTS}`;
      const identity = verifiedIdentity({ sub: i % 2 === 0 ? 'even' : 'odd', jti: String(i) }, tenantId);
      const socket = new CountingSocket();
      const id = sessionIds.issue(tenantId);
      sockets.set(id, socket);
      const peer = { id, identity, scope: 'global', address: '' } as const;
      registry.add(new Connection(socket as unknown as WebSocket, {} as never, peer, 2 ** 24)); // all that is asked of both
    }
    const options = parseListenerOptions({ path: '/ws' }, SECRET);
    const revocations = new Revocations(memoryStore(), () => {});
    const revoking = new Revoking(revocations, registry, true);
    const control = new Control(options, { connected: registry, revoking, sessionIds });
    const payload = async (...request: Parameters<Control['do']>) => {
      const outcome = await control.do(...request);
      return outcome.kind === 'payload' ? outcome.payload : undefined;
    };
    const fanOut = new FanOut(registry, () => {}, { ...FAN_OUT_LIMITS, turnMs: 0 });
    const broadcast = new Promise<void>((done) =>
      fanOut.send(serverFrame('x', false), { kind: 'global' }, done),
    );
    await new Promise(setImmediate); // some have it, most have not

    const started = performance.now();
    should(await payload({ kind: 'count', selector: { kind: 'everybody' } })).eql({
      connections: MANY,
      tenants: TENANTS,
    });
    const rows: { session: { id: string } }[] = [];
    for (let after: string | undefined; ; after = rows.at(-1)?.session.id) {
      const page = (await payload({
        kind: 'list',
        selector: { kind: 'everybody' },
        limit: 1000,
        after,
      })) as typeof rows;
      rows.push(...page);
      if (page.length < 1000) break;
    }
    should(new Set(rows.map(({ session }) => session.id)).size).equal(MANY);
    const even = { kind: 'matching', subject: 'even' } as const;
    should(await payload({ kind: 'disconnect', selector: even, code: 4000, reason: '' })).eql({
      disconnected: MANY / 2,
    });
    should(await payload({ kind: 'disconnect', selector: even, code: 4000, reason: '' })).eql({
      disconnected: 0,
    });
    should(performance.now() - started).be.below(5000); // on whatever machine
    await broadcast;

    for (const connection of registry.all()) {
      const socket = sockets.get(connection.id);
      const isOdd = connection.identity.subject === 'odd';
      should(socket?.closed).equal(isOdd ? undefined : 4000);
      if (isOdd) should(socket?.sent).equal(1);
      should(connection.traffic.sent.messages).equal(socket?.sent); // also of those that were closed in between
    }
    const closed = [...sockets.values()].filter(({ closed }) => closed !== undefined);
    should(closed.filter(({ sent }) => sent === 0).length).be.within(1, MANY / 2);
    fanOut.close();
  });

  it('revokes as many tokens as it may, and no more, in reasonable time', async () => {
    const registry = new Registry();
    const sessionIds = createSessionIds(Buffer.alloc(32, 1));
    const now = Date.now();
    const stored = Array.from({ length: 99_999 }, (_, i) => ({
      jti: String(i),
      before: now,
      until: now + 60_000,
    }));
    const revocations = new Revocations(memoryStore(stored), () => {});
    const options = parseListenerOptions({ path: '/ws' }, SECRET);
    const revoking = new Revoking(revocations, registry, true);
    const control = new Control(options, { connected: registry, revoking, sessionIds });
    const revoke = async (jti: string) => control.do({ kind: 'revoke', tokens: { jti }, seconds: 60 });
    await revoke('one more');
    await should(revoke('one too many')).rejectedWith({ code: 'revocations-full' });
    should(await revoke('5')).match({ payload: { disconnected: 0 } }); // it is there already
  });
});
