import { once } from 'node:events';
import should from 'should';
import type { WebSocket } from 'ws';
import { Backoff } from '../../../src/client/backoff.js';
import { ClientProbe, type ProbeOptions } from '../../support/core/client-probe.js';
import { OriginServer } from '../../support/core/origin-server.js';
import { Queue } from '../../support/core/queue.js';
import { backTo, resources } from '../../support/core/resources.js';

/** Ends no wait by itself. */
const FOREVER = () => new Backoff({ firstMs: 3_600_000, maxMs: 3_600_000, random: () => 0.9 });

describe('src/client/client: messages that wait', () => {
  let before: Record<string, number>;
  let origin: OriginServer;
  let probe: ClientProbe;

  beforeEach(async () => {
    before = await resources();
    origin = await OriginServer.start();
  });
  afterEach(async () => {
    await probe.client.close();
    await origin.stop();
    await backTo(before);
  });

  function start(properties: Record<string, unknown>, more: ProbeOptions = {}): void {
    probe = new ClientProbe(origin.url(), { properties: { queue: '10000', ...properties }, ...more });
  }
  function heard(socket: WebSocket): Queue<string> {
    const queue = new Queue<string>();
    socket.on('message', (data) => queue.push(String(data)));
    return queue;
  }

  it('leave in order once there is a connection, and only then are done', async () => {
    origin.answer = 401;
    start({});
    await probe.failure();
    const fates: unknown[] = [];
    for (let i = 0; i < 100; i += 1) probe.client.send({ payload: i }, (error) => fates.push(error ?? i));
    should(fates).eql([]);
    origin.answer = 'accept';
    const queue = heard(await origin.accepted.next());
    const numbers = Array.from({ length: 100 }, (_, index) => index);
    for (const number of numbers) should(await queue.next()).equal(String(number));
    should(fates).eql(numbers);
    should(await probe.send({ payload: 'at once' })).equal(undefined);
    should(await queue.next()).equal('at once');
  });

  it('let pass what answers the new connection, however late a flow says it', async () => {
    origin.answer = 401;
    start({});
    await probe.failure();
    const waiting = probe.send({ payload: 'waiting' });
    probe.client.observe((event) => {
      if (event.kind !== 'connect') return;
      // a node takes a turn each
      setImmediate(() =>
        setImmediate(() =>
          setImmediate(() => {
            probe.client.send({ payload: 'behind those that wait' }, () => {});
            probe.client.send({ payload: 'login', _session: event.session }, () => {});
          }),
        ),
      );
    });
    origin.answer = 'accept';
    const queue = heard(await origin.accepted.next());
    should(await queue.next()).equal('login');
    should(await queue.next()).equal('waiting');
    should(await queue.next()).equal('behind those that wait');
    await waiting;
  });

  it('are counted where the reason is shown', async () => {
    origin.answer = 401;
    start({}, { backoff: FOREVER() });
    await probe.failure();
    for (let i = 0; i < 12; i += 1) probe.client.send({ payload: i }, () => {});
    const states = new Queue<unknown>();
    probe.client.observe((event) => {
      if (event.kind === 'state') states.push(event.state);
    });
    should(probe.client.state).eql({ kind: 'failed', reason: '401', waiting: 1 });
    should(await states.next()).eql({ kind: 'failed', reason: '401', waiting: 12 });
    probe.client.giveUpWaiting();
    should(await states.next()).eql({ kind: 'failed', reason: '401' });
  });

  it('are given up where they are too many, too old, or the client goes', async () => {
    origin.answer = 401;
    start({ queue: '2', queueSeconds: '0.05' }, { backoff: FOREVER() });
    const [one, two, three] = ['one', 'two', 'three'].map((payload) => probe.send({ payload }));
    should(await one).equal('send-queue-full');
    should(await Promise.all([two, three])).eql(['send-queue-expired', 'send-queue-expired']);
    const four = probe.send({ payload: 'four' });
    probe.client.giveUpWaiting();
    should(await four).equal('send-not-connected');
    should(await probe.send({ payload: 'five' })).equal('send-not-connected');
  });

  it('are looked at before they wait', async () => {
    origin.answer = 401;
    start({}, { limits: { maxBufferedBytes: 1000 }, backoff: FOREVER() });
    should(await probe.send({ payload: 1n })).equal('send-unserialisable');
    should(await probe.send({ payload: 'x'.repeat(1001) })).equal('send-too-large');
    const message = { payload: { changed: false } };
    const waiting = probe.send(message);
    message.payload.changed = true;
    origin.answer = 'accept';
    probe.client.connect();
    should(await heard(await origin.accepted.next()).next()).equal('{"changed":false}');
    await waiting;
  });

  it('wait while the server reads too slowly to take them all, then go on', async () => {
    origin.answer = 401;
    const payload = 'x'.repeat(1024 * 1024);
    start({}, { limits: { maxBufferedBytes: 16 * 1024 * 1024 }, backoff: FOREVER() });
    await probe.failure();
    const sent = Promise.all(Array.from({ length: 15 }, () => probe.send({ payload })));
    origin.answer = 'accept';
    probe.client.connect();
    const socket = await origin.accepted.next();
    socket.pause();
    await probe.next('connect');
    should(await sent).eql(Array.from({ length: 15 }, () => undefined));
    const more = Promise.all(Array.from({ length: 8 }, () => probe.send({ payload })));
    const queue = heard(socket);
    socket.resume();
    const codes = await more; // those that did not fit are an error, as without a queue: there is a connection
    const arrived = 15 + codes.filter((code) => code === undefined).length;
    for (let i = 0; i < arrived; i += 1) should((await queue.next()).length).equal(payload.length);
    should(queue.length).equal(0);
  });

  it('tell their fate once, 100,000 of them, while the server restarts again and again', async function () {
    this.timeout(60_000);
    const count = 100_000;
    start({ queue: '10000' });
    const fates = new Uint8Array(count);
    const codes = new Map<string, number>();
    let done = 0;
    let all = () => {};
    const finished = new Promise<void>((resolve) => {
      all = resolve;
    });
    const arrived: number[] = [];
    const serve = async () => {
      for (;;) {
        const socket = await origin.accepted.next();
        let left = 700; // then it is cut off in the middle
        socket.on('message', (data) => {
          arrived.push(Number(data));
          left -= 1;
          if (left === 0) socket.terminate();
        });
      }
    };
    void serve();
    for (let i = 0; i < count; i += 1) {
      probe.client.send({ payload: i }, (error) => {
        fates[i] = (fates[i] ?? 0) + 1;
        const code = error === undefined ? 'sent' : String((error as { code?: unknown }).code);
        codes.set(code, (codes.get(code) ?? 0) + 1);
        done += 1;
        if (done === count) all();
      });
      if (i % 500 === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    }
    await Promise.race([finished, probe.next('connect')]);
    probe.client.giveUpWaiting();
    await finished;
    should(fates.every((told) => told === 1)).equal(true);
    should(
      [...codes.keys()].every((code) => ['sent', 'send-queue-full', 'send-not-connected'].includes(code)),
    ).equal(true);
    should(arrived).eql([...arrived].sort((a, b) => a - b));
    should(new Set(arrived).size).equal(arrived.length);
    should(arrived.length).be.belowOrEqual(codes.get('sent') ?? 0);
    should(arrived.length).be.above(0);
  });

  it('do not exist where nothing says so: no timer, and an error at once', async () => {
    origin.answer = 401;
    probe = new ClientProbe(origin.url(), { backoff: FOREVER() });
    await probe.failure();
    const state = probe.client.state;
    should(await probe.send({ payload: 'x' })).equal('send-not-connected');
    should(probe.client.state).equal(state);
  });

  describe('for a flow that says where to connect', () => {
    it('until it does', async () => {
      probe = new ClientProbe('', { properties: { queue: '10' }, isToldByFlow: true });
      should(probe.client.state).eql({ kind: 'closed' });
      const waiting = probe.send({ payload: 'x' });
      should(() => probe.client.connect()).throw({ code: 'url-missing' });
      should(() => probe.client.connect({ url: 'http://example.com' })).throw({ code: 'url-invalid' });
      probe.client.connect({ url: origin.url('/there') });
      should((await origin.asked.next()).url).equal('/there');
      should(await waiting).equal(undefined);
      should(await heard(await origin.accepted.next()).next()).equal('x');
    });
  });
});

describe('src/client/client: what a flow asks of it', () => {
  let origin: OriginServer;
  let probe: ClientProbe;
  let before: Record<string, number>;

  beforeEach(async () => {
    before = await resources();
    origin = await OriginServer.start();
  });
  afterEach(async () => {
    await probe.client.close();
    await origin.stop();
    await backTo(before);
  });

  it('is to stay closed, until it is to connect', async () => {
    probe = new ClientProbe(origin.url());
    const { session } = await probe.next('connect');
    const socket = await origin.accepted.next();
    const closed = once(socket, 'close');
    probe.client.disconnect();
    should(await probe.next('disconnect')).containEql({
      state: { kind: 'closed' },
      session,
      code: 1001,
    });
    should((await closed)[0]).equal(1001);
    should(probe.client.state).eql({ kind: 'closed' });
    probe.client.disconnect();
    probe.client.connect();
    await probe.next('connect');
    should(origin.requests.length).equal(2);
    should(probe.log).eql([]);
  });

  it('is another URL or another token, from then on, and the rest as configured', async () => {
    const other = await OriginServer.start();
    probe = new ClientProbe(origin.url('/one'), { jwt: 'a.b.c', properties: { subprotocol: 'chat' } });
    should((await origin.asked.next()).url).equal('/one?token=a.b.c');
    probe.client.connect({ url: other.url('/two') });
    const asked = await other.asked.next();
    should([asked.url, asked.headers['sec-websocket-protocol']]).eql(['/two?token=a.b.c', 'chat']);
    probe.client.connect({ token: 'd.e.f' });
    should((await other.asked.next()).url).equal('/two?token=d.e.f');
    (await other.accepted.next()).close();
    (await other.accepted.next()).close(1012);
    should((await other.asked.next()).url).equal('/two?token=d.e.f');
    should(() => probe.client.connect({ url: `${other.url()}?token=x` })).throw({ code: 'url-has-token' });
    await probe.client.close();
    await other.stop();
  });

  it('to connect is nothing new where it is connected, and ends the wait where it is not', async () => {
    origin.answer = 401;
    probe = new ClientProbe(origin.url(), { backoff: FOREVER() });
    await probe.failure();
    origin.answer = 'accept';
    probe.client.connect();
    await probe.next('connect');
    probe.client.connect();
    should(await probe.send({ payload: 'x' })).equal(undefined);
    should(origin.requests.length).equal(2);
  });

  it('is the only reason for another attempt where it is not to come back by itself', async () => {
    origin.answer = 401;
    probe = new ClientProbe(origin.url(), { properties: { reconnect: false } });
    await probe.failure();
    const failed = probe.all.items.find(({ kind }) => kind === 'failed');
    should(failed).eql({ kind: 'failed', reason: '401', attempt: 1 }); // and no time of another one
    await backTo({ ...before, TCPSocketWrap: 9, TCPServerWrap: 9 }); // no timer
    origin.answer = 'accept';
    probe.client.connect();
    await probe.next('connect');
    (await origin.accepted.next()).terminate();
    should(await probe.next('disconnect')).not.have.property('retryInMs');
    should(origin.requests.length).equal(2);
  });

  it('is told what became of each connection', async () => {
    probe = new ClientProbe(origin.url(), { properties: { subprotocol: 'chat' } });
    should(await probe.next('connect')).containEql({ protocol: 'chat' });
    const socket = await origin.accepted.next();
    socket.send('grüße');
    await probe.messages.next();
    const arrived = once(socket, 'message');
    await probe.send({ payload: 'four' });
    await arrived;
    socket.close(4000, 'SECRET');
    const event = await probe.next('disconnect');
    should(event).containEql({ code: 4000 });
    should(event.departure).containEql({
      received: { messages: 1, bytes: 7 },
      sent: { messages: 1, bytes: 4 },
    });
    should(event.departure?.durationMs).be.aboveOrEqual(0);
    should(event.retryInMs).be.aboveOrEqual(0);
    should(JSON.stringify(probe.all.items)).not.containEql('SECRET');
  });
});
