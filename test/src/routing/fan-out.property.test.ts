import { setImmediate as turn } from 'node:timers/promises';
import {
  type Arbitrary,
  array,
  assert,
  asyncProperty,
  boolean,
  constant,
  constantFrom,
  integer,
  nat,
  oneof,
  option,
  record,
} from 'fast-check';
import should from 'should';
import type { FanOutLimits } from '../../../src/routing/fan-out-limits.js';
import { FanOutWorld, type Send } from '../../support/core/fan-out-world.js';

const TENANTS = ['acme', 'other', null] as const;

type Step =
  | ({ readonly do: 'send' } & Send)
  | { readonly do: 'connect'; readonly tenantId: string | null }
  | { readonly do: 'leave'; readonly who: number }
  | { readonly do: 'turn' };

const send: Arbitrary<Step> = record({
  do: constant('send' as const),
  scope: constantFrom('session' as const, 'tenant' as const, 'global' as const),
  to: nat(),
  except: option(nat(), { nil: undefined }),
  again: boolean(),
});

const step: Arbitrary<Step> = oneof(
  { arbitrary: send, weight: 6 },
  {
    arbitrary: record({ do: constant('connect' as const), tenantId: constantFrom(...TENANTS) }),
    weight: 1,
  },
  { arbitrary: record({ do: constant('leave' as const), who: nat() }), weight: 1 },
  { arbitrary: constant({ do: 'turn' as const }), weight: 2 },
);

/** One batch a turn, so that the steps fall between the batches of a message. */
const limits: Arbitrary<FanOutLimits> = record({
  atOnce: integer({ min: 0, max: 4 }),
  turnMs: constant(0),
  batch: integer({ min: 1, max: 3 }),
  backlog: constant({ jobs: 4, bytes: 1e6 }),
  full: record({ jobs: integer({ min: 1, max: 40 }), bytes: integer({ min: 10, max: 1000 }) }),
});

const run = record({
  limits,
  peers: array(constantFrom(...TENANTS), { minLength: 1, maxLength: 12 }),
  steps: array(step, { maxLength: 40 }),
});

async function play(limits: FanOutLimits, peers: readonly (string | null)[], steps: readonly Step[]) {
  const world = new FanOutWorld(limits);
  for (const tenantId of peers) world.connect(tenantId);
  for (const step of steps) {
    if (step.do === 'send') world.send(step);
    else if (step.do === 'connect') world.connect(step.tenantId);
    else if (step.do === 'leave') world.leave(step.who);
    else await turn();
  }
  return world;
}

/** Nobody sees a message twice, before an earlier one, or that is not for them. */
function checkReceived({ peers, sent }: FanOutWorld): void {
  for (const peer of peers) {
    const numbers = peer.received.map(Number);
    should(numbers).eql([...new Set(numbers)].sort((a, b) => a - b));
    for (const number of numbers) should(sent[number]?.mayGet(peer)).equal(true);
  }
}

/** What peers were sent, and all of them together; who leaves in the middle of a message counts as having got it. */
function checkCounted({ peers, fanOut }: FanOutWorld): void {
  for (const { present, received, traffic } of peers) {
    const { messages, bytes } = traffic.sent;
    if (present)
      should({ messages, bytes }).eql({ messages: received.length, bytes: received.join('').length });
    else should(messages).be.aboveOrEqual(received.length);
  }
  const counted = peers.reduce((sum, { traffic }) => sum + traffic.sent.messages, 0);
  should(fanOut.sent.messages).be.aboveOrEqual(counted);
}

describe('src/routing/fan-out: for any sends to anybody, and any coming and going', () => {
  it('each connection gets all that is for it before it is done, nothing else, in the order of send', async () => {
    await assert(
      asyncProperty(run, async ({ limits, peers, steps }) => {
        const world = await play(limits, peers, steps);
        while (world.sent.some(({ done }) => done === 0)) await turn();
        await turn();
        for (const { done, missing } of world.sent) should([done, missing]).eql([1, 0]);
        checkReceived(world);
        checkCounted(world);
      }),
      { numRuns: 1000 },
    );
  });

  it('each done is called once where it is closed in the middle, and nobody gets any more', async () => {
    await assert(
      asyncProperty(run, async ({ limits, peers, steps }) => {
        const world = await play(
          limits,
          peers,
          steps.map((step) => (step.do === 'send' ? { ...step, again: false } : step)),
        );
        world.fanOut.close();
        const before = world.peers.map(({ received }) => received.length);
        await turn();
        should(world.peers.map(({ received }) => received.length)).eql(before);
        for (const { done } of world.sent) should(done).equal(1);
        checkReceived(world);
        // whatever comes after finds nothing of it left
        for (let i = 0; i < 3; i += 1)
          world.send({ scope: 'global', to: 0, except: undefined, again: false });
        while (world.sent.some(({ done }) => done === 0)) await turn();
        for (const { done } of world.sent) should(done).equal(1);
        checkReceived(world);
      }),
      { numRuns: 300 },
    );
  });
});
