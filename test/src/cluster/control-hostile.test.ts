import {
  anything,
  array,
  assert,
  asyncProperty,
  constantFrom,
  dictionary,
  letrec,
  oneof,
  record,
  string,
} from 'fast-check';
import should from 'should';
import { newInstance } from '../../../src/cluster/session-ids.js';
import { Broker } from '../../support/cluster/broker.js';
import { Insider } from '../../support/cluster/insider.js';
import { Instance, PATIENT } from '../../support/cluster/instance.js';
import type { SocketClient } from '../../support/core/socket-client.js';
import { seconds } from '../../support/core/tokens.js';

const ANN = { sub: 'ann', tenant_id: 'acme', iat: seconds(-10), exp: seconds(3600) };

/** A revocation that a member could have. */
function revocation(more: Record<string, unknown> = {}) {
  return { subject: 'nobody', before: Date.now(), until: Date.now() + 3_600_000, ...more };
}

describe('src/cluster: what members and strangers say to each other', () => {
  let broker: Broker;
  let a: Instance;
  let ann: SocketClient;
  let insider: Insider;

  /** Resolves once all that was said before is dealt with: what is said to one instance arrives in order. */
  async function heard(): Promise<void> {
    const id = newInstance();
    insider.say(toA(), 'ask', { id }, { action: 'count', all: true });
    for (;;) if ((await insider.next('answer')).head.id === id) return;
  }

  function toA(): string {
    return insider.names.toInstance(a.cluster.instance);
  }

  async function ask(question: unknown, topic = toA()): Promise<unknown> {
    const id = newInstance();
    insider.say(topic, 'ask', { id }, question);
    for (;;) {
      const { head, payload } = await insider.next('answer');
      if (head.id === id) return JSON.parse(payload.toString()) as unknown;
    }
  }

  async function revoked(): Promise<unknown[]> {
    return (await a.control('revocations')).payload as unknown[];
  }

  /** What is listed with the insider silent. */
  async function ownRows(): Promise<unknown[]> {
    const { payload, instances } = await a.control('list');
    await insider.next('ask');
    should(instances).eql({ answered: 1, missing: 1 });
    return payload as unknown[];
  }

  async function isWell(): Promise<void> {
    await a.reach('up');
    should(await a.server.messageFrom(ann)).match({ payload: 'hello' });
  }

  /** @param askMs how long it waits for answers: short where none come */
  async function start(askMs = 10_000): Promise<void> {
    broker = await Broker.start();
    a = await Instance.start(broker.settings, { timing: { ...PATIENT, expireMs: 60_000, askMs } });
    await a.reach('up');
    insider = await Insider.start(broker.settings);
    insider.appear();
    await a.knows(1);
    ann = await a.server.connect(ANN);
  }

  afterEach(async () => {
    await insider.close();
    await a.stop();
    await broker.stop();
  });

  it('questions are answered by who serves the listener, to who asks, with the pages that flows get', async () => {
    await start();
    should(await ask({ action: 'count', all: true })).eql([['acme', 1]]);
    should(await ask({ action: 'list', limit: 5 }, insider.names.all)).match([
      [Number, { session: { subject: 'ann', tenantId: 'acme' }, address: '127.0.0.1' }],
    ]);
    should(await ask({ action: 'disconnect', subject: 'bob', code: 4000, reason: '' })).eql([0]);
  });

  it('questions of any form do nothing but what they may', async () => {
    await start();
    const { value } = letrec((tie) => ({
      value: oneof(
        { maxDepth: 2 },
        anything({ maxDepth: 1 }),
        array(tie('value')),
        dictionary(string(), tie('value')),
      ),
    }));
    const selector = record(
      {
        session: value,
        tenantId: value,
        subject: value,
        jti: value,
        all: value,
        limit: value,
        from: value,
        code: value,
        entries: value,
      },
      { requiredKeys: [] },
    );
    const question = oneof(
      value,
      record({
        action: constantFrom(
          'list',
          'count',
          'revoke',
          'restore',
          'where',
          'address',
          'connect',
          '__proto__',
        ),
      }).chain(({ action }) => selector.map((members) => ({ ...members, action }))),
      // these have to be refused as they stand
      constantFrom<unknown>(
        { action: 'disconnect' },
        { action: 'disconnect', code: 4000, reason: 'x' },
        { action: 'disconnect', all: 1 },
        { action: 'disconnect', all: true, code: 1000, reason: 'x' },
        { action: 'disconnect', all: true, code: 4000, reason: 'x'.repeat(124) },
        { action: 'disconnect', all: true, subject: 'ann' },
        { action: 'disconnect', subject: 'ann', more: 1 },
        { action: 'revoke', entries: [{ before: Date.now(), until: Date.now() + 1000 }] },
        { action: 'revoke', entries: { 0: revocation({ subject: 'ann' }), length: 1 } },
      ),
    );
    await assert(
      asyncProperty(array(question, { maxLength: 20 }), async (questions) => {
        for (const each of questions) insider.say(toA(), 'ask', { id: newInstance() }, each);
        await heard();
        should(a.server.listener.connected.size).equal(1);
        should(await revoked()).eql([]);
      }),
      { numRuns: 20 },
    );
    await isWell();
  });

  it('questions with other ids, topics or digests than they should have are not heard', async () => {
    await start();
    const end = { action: 'disconnect', all: true, code: 4000, reason: 'x' };
    for (const head of [
      { id: 5 },
      { id: undefined },
      { instance: 7 },
      { listener: 'other' },
      { instance: a.cluster.instance },
    ]) {
      insider.say(toA(), 'ask', { id: newInstance(), ...head }, end);
    }
    for (const topic of [insider.names.toTenant('/ws', 'acme'), insider.names.toEverybody('/ws')]) {
      insider.say(topic, 'ask', { id: newInstance() }, end);
    }
    for (const kind of ['marks', 'revocations', 'answer'] as const) {
      insider.say(insider.names.all, kind, { horizon: Date.now(), id: 'x', piece: 0, isLast: true }, [
        revocation(),
      ]);
    }
    await heard();
    should(await revoked()).eql([]);
    await isWell();
  });

  it('many questions at a time keep nobody from being served', async () => {
    await start();
    for (let i = 0; i < 300; i += 1)
      insider.say(toA(), 'ask', { id: `${i}` }, { action: 'list', limit: 10_000 });
    should(await a.server.messageFrom(ann)).match({ payload: 'hello' });
    const again = setInterval(
      () => insider.say(toA(), 'ask', { id: 'last' }, { action: 'count', all: true }),
      200,
    );
    while ((await insider.next('answer')).head.id !== 'last');
    clearInterval(again);
    should(await a.server.messageFrom(ann)).match({ payload: 'hello' });
  });

  it('answers count from who was asked, once, in order, and for what was asked', async () => {
    await start();
    const other = newInstance();
    const asking = a.control('disconnect', { subject: 'eve' });
    const { head } = await insider.next('ask');
    const answer = (more: Record<string, unknown>, rows: unknown) =>
      insider.say(toA(), 'answer', { id: head.id, piece: 0, isLast: true, ...more }, rows);
    answer({ id: 'other' }, [1]);
    answer({ id: 7 }, [1]);
    answer({ instance: other }, [100]);
    answer({ piece: 1 }, [10]);
    answer({ piece: '0' }, [10]);
    answer({}, [5]);
    answer({}, [5]);
    answer({ piece: 1 }, [5]);
    should(await asking).eql({ payload: { disconnected: 5 }, instances: { answered: 2, missing: 0 } });
  });

  it('answers of any form are taken as they should be or not at all', async () => {
    await start(100);
    for (const rows of [
      {},
      [],
      [1, 2],
      ['1'],
      [-1],
      [1.5],
      [Number.MAX_VALUE],
      [[1]],
      null,
      Buffer.from('['),
      Buffer.alloc(0),
    ]) {
      const asking = a.control('disconnect', { subject: 'eve' });
      const { head } = await insider.next('ask');
      insider.say(toA(), 'answer', { id: head.id, piece: 0, isLast: true }, rows);
      should(await asking).eql(
        { payload: { disconnected: 0 }, instances: { answered: 1, missing: 1 } },
        JSON.stringify(rows),
      );
    }
  });

  async function listWith(told: unknown, whom: Record<string, unknown> = {}) {
    const asking = a.control('list', whom);
    const { head } = await insider.next('ask');
    insider.say(toA(), 'answer', { id: head.id, piece: 0, isLast: true }, [told]);
    return asking;
  }

  it('a row is listed where its session proves its tenant and is of who tells it', async () => {
    await start();
    const { payload, instances } = await listWith([1, insider.row('acme')]);
    should(instances).eql({ answered: 2, missing: 0 });
    should(payload).match([
      { session: { tenantId: 'acme', routingScope: 'tenant' } },
      { session: { subject: 'ann' } },
    ]);
  });

  it('nothing is listed of who tells any other row', async () => {
    await start(100);
    const [own] = (await ownRows()) as { session: Record<string, unknown> }[];
    const row = insider.row('acme');
    const genuine = insider.session('acme');
    for (const told of [
      [1, { ...row, session: { ...genuine, tenantId: 'globex' } }],
      [1, { ...row, session: { ...genuine, id: own?.session.id } }],
      [1, { ...row, session: { ...genuine, claims: 'x' } }],
      [1, { ...row, session: { ...genuine, params: { x: 1 } } }],
      [1, { ...row, session: { ...genuine, authStatus: 'god' } }],
      [1, { ...row, session: null }],
      ['1', row],
      [1, { ...row, sent: 5 }],
      [1, { ...row, connectedAt: 'x' }],
      [1, { ...row, expiresAt: 'never' }],
      [1],
      'x',
      null,
    ]) {
      const { payload, instances } = await listWith(told);
      should(payload).have.length(1);
      should(instances).eql({ answered: 1, missing: 1 });
    }
  });

  it('nothing is listed or counted of who tells of others than were asked for', async () => {
    await start(100);
    const row = insider.row('globex');
    const session = insider.session('acme');
    for (const [whom, told] of [
      [{ tenantId: 'acme' }, row],
      [{ tenantId: null }, row],
      [{ subject: 'ann' }, { ...row, session }],
      [{ subject: 'ann' }, { ...row, session: { ...session, subject: 'bob' } }],
      [{ session: session.id }, { ...row, session: insider.session('acme') }],
    ] as const) {
      const { payload, instances } = await listWith([1, told], whom);
      should((payload as { address: unknown }[]).map(({ address }) => address)).not.containEql(row.address);
      should(instances).have.property('missing', 1);
    }
    const asking = a.control('count', { tenantId: 'acme', subject: 'eve' });
    const { head } = await insider.next('ask');
    insider.say(toA(), 'answer', { id: head.id, piece: 0, isLast: true }, [['globex', 3]]);
    should(await asking).eql({
      payload: { connections: 0, tenants: 0 },
      instances: { answered: 1, missing: 1 },
    });
  });

  it('a list is never longer than was asked for, whatever comes', async () => {
    await start();
    const asking = a.control('list', { limit: 3 });
    const { head } = await insider.next('ask');
    for (let piece = 0; piece < 5; piece += 1) {
      const rows = Array.from({ length: 200 }, (_, i) => [
        piece * 200 + i,
        { ...insider.row('acme'), connectedAt: piece },
      ]);
      insider.say(toA(), 'answer', { id: head.id, piece, isLast: piece === 4 }, rows);
    }
    should((await asking).payload).have.length(3);
  });

  it('revocations come only from who compares them, and what no clock can have made is none', async () => {
    await start();
    const far = 400 * 86_400_000;
    insider.say(toA(), 'revocations', { isLast: true }, [revocation()]);
    await heard();
    should(await revoked()).eql([]);
    insider.say(toA(), 'marks', { horizon: Date.now() }, Buffer.alloc(2047));
    insider.say(toA(), 'marks', { horizon: Date.now() + far }, Buffer.alloc(2048));
    insider.say(toA(), 'marks', { horizon: 'now' }, Buffer.alloc(2048));
    await heard();
    insider.say(toA(), 'marks', { horizon: Date.now() }, Buffer.alloc(2048, 1));
    should((await insider.next('marks')).head).match({ isAnswer: true });
    insider.say(toA(), 'revocations', { isLast: false }, { 0: revocation() });
    insider.say(toA(), 'revocations', { isLast: false }, [null, 5, 'x', {}, revocation({ subject: 7 })]);
    insider.say(toA(), 'revocations', { isLast: false }, [
      revocation({ before: Date.now() + far }),
      revocation({ before: -1 }),
      revocation({ until: Date.now() + far }),
      revocation({ until: null }),
      { restored: Date.now() + far, subject: 'ann', until: Date.now() + far },
    ]);
    insider.say(toA(), 'revocations', { isLast: true }, [revocation({ subject: 'eve' })]);
    insider.say(toA(), 'revocations', { isLast: true }, [revocation({ subject: 'late' })]);
    await heard();
    should(await revoked()).match([{ subject: 'eve' }]);
    should(await revoked()).have.length(1);
    await isWell();
  });

  it('a revocation that is told late leaves the connections of newer tokens', async () => {
    await start();
    const newer = await a.server.connect({ ...ANN, iat: seconds(-2) });
    should(
      await ask({ action: 'revoke', entries: [revocation({ subject: 'ann', before: Date.now() - 5000 })] }),
    ).eql([1]);
    should(await ann.closed).eql({ code: 4401, reason: 'token revoked' });
    should(await a.server.messageFrom(newer)).match({ payload: 'hello' });
    should(
      await ask({ action: 'restore', entries: [{ subject: 'ann', restored: Date.now() - 6000, until: 0 }] }),
    ).eql([0]); // older
    should(await revoked()).have.length(1);
  });

  it('a stranger who repeats all that was ever said does nothing', async () => {
    await start();
    await ask({ action: 'revoke', entries: [revocation({ subject: 'eve' })] });
    const restoring = a.control('restore', { subject: 'eve' });
    const { head } = await insider.next('ask');
    insider.say(toA(), 'answer', { id: head.id, piece: 0, isLast: true }, [0]);
    await restoring;
    for (const { topic, payload } of [...broker.passed]) {
      for (const other of [topic, toA(), insider.names.all]) await broker.publish(other, payload);
    }
    await heard();
    should(await revoked()).eql([]);
    await isWell();
  });
});
