import should from 'should';
import { Backoff } from '../../../src/client/backoff.js';
import { ClientProbe } from '../../support/core/client-probe.js';
import { OriginServer } from '../../support/core/origin-server.js';
import { backTo, resources } from '../../support/core/resources.js';

/** Where the back-off is without jitter, so that waits can be told apart. */
const full = () => new Backoff({ firstMs: 1000, maxMs: 30_000, random: () => 1 });

const JWT = { jwt: 'a.SECRET.c' };
const VALUE = {
  properties: { authMode: 'value', tokenValue: 'TOKEN' },
  credentials: {},
  read: () => 'a.SECRET.c',
};
const NONE = {};

describe('src/client/client: a far end that is not ours', () => {
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

  for (const [code, how, options, retryInMs] of [
    [1012, 'whatever it has to show', JWT, 1000],
    [1013, 'whatever it has to show', NONE, 1000],
    [4401, 'with the same token', JWT, 61_000],
    [4403, 'with the same token', JWT, 61_000],
    [4401, 'with a token that is read anew', VALUE, 6000],
    [4403, 'with a token that is read anew', VALUE, 6000],
    [4403, 'with no token', NONE, 6000],
    [1008, 'with the same token', JWT, 1000],
  ] as const) {
    it(`that closes with ${code} is tried again in ${retryInMs} ms at most, ${how}`, async () => {
      probe = new ClientProbe(origin.url(), { ...options, backoff: full() });
      await probe.next('connect');
      (await origin.accepted.next()).close(code, 'SECRET words');
      const event = await probe.next('disconnect');
      should(event).containEql({ code, retryInMs, state: { kind: 'failed', reason: String(code) } });
      should(probe.log).eql([`down ${code}`]);
      should(JSON.stringify(probe.all.items)).not.containEql('SECRET');
    });
  }

  it('that restarts is back at once, however long it was away before', async () => {
    origin.answer = 503;
    probe = new ClientProbe(origin.url(), {
      backoff: new Backoff({ firstMs: 10, maxMs: 30_000, random: () => 1 }),
    });
    for (let i = 0; i < 4; i += 1) await probe.failure();
    origin.answer = 'accept';
    await probe.next('connect');
    (await origin.accepted.next()).close(1012);
    should((await probe.next('disconnect')).retryInMs).equal(10);
    await probe.next('connect');
  });

  it('that refuses at first counts the attempts, from each connection anew', async () => {
    origin.answer = 401;
    probe = new ClientProbe(origin.url(), JWT);
    for (let i = 0; i < 3; i += 1) await probe.failure();
    origin.answer = 'accept';
    await probe.next('connect');
    origin.answer = 401;
    (await origin.accepted.next()).terminate();
    await probe.next('disconnect');
    await probe.failure();
    const attempts = probe.all.items.flatMap((event) => (event.kind === 'failed' ? [event.attempt] : []));
    should(attempts.slice(0, 3)).eql([1, 2, 3]);
    should(attempts.lastIndexOf(1)).be.above(2);
  });

  it('that accepts and says nothing is a connection', async () => {
    origin.answer = 'deaf';
    probe = new ClientProbe(origin.url(), JWT);
    await probe.next('connect');
    should(probe.client.state).eql({ kind: 'connected' });
    should(await probe.send({ payload: 'x' })).equal(undefined);
  });
});
