import {
  type Arbitrary,
  array,
  assert,
  asyncProperty,
  constant,
  constantFrom,
  integer,
  nat,
  oneof,
  record,
} from 'fast-check';
import should from 'should';
import { type Deployed, type EventPeer, EventWorld, turn } from '../../support/runtime/event-world.js';

type Step =
  | { readonly do: 'connect'; readonly tenantId: string }
  | { readonly do: 'say'; readonly who: number; readonly count: number }
  | { readonly do: 'leave' | 'renew' | 'disconnect' | 'revoke'; readonly who: number }
  | { readonly do: 'deploy'; readonly what: Deployed; readonly type: 'nodes' | 'flows' }
  | { readonly do: 'turns'; readonly count: number }
  | { readonly do: 'settle' };

const step: Arbitrary<Step> = oneof(
  {
    arbitrary: record({ do: constant('connect' as const), tenantId: constantFrom('acme', 'other') }),
    weight: 4,
  },
  {
    arbitrary: record({ do: constant('say' as const), who: nat(), count: integer({ min: 1, max: 50 }) }),
    weight: 5,
  },
  {
    arbitrary: record({ do: constantFrom('leave' as const, 'renew' as const), who: nat() }),
    weight: 3,
  },
  {
    arbitrary: record({ do: constantFrom('disconnect' as const, 'revoke' as const), who: nat() }),
    weight: 1,
  },
  {
    arbitrary: record({
      do: constant('deploy' as const),
      what: constantFrom<Deployed>('event', 'event', 'in', 'listener', 'everything'),
      type: constantFrom('nodes' as const, 'flows' as const),
    }),
    weight: 2,
  },
  { arbitrary: record({ do: constant('turns' as const), count: integer({ min: 1, max: 20 }) }), weight: 3 },
  { arbitrary: constant({ do: 'settle' as const }), weight: 1 },
);

describe('nodes/event: whatever happens at once', function () {
  this.timeout(120_000);

  let world: EventWorld;
  before(async () => {
    world = await EventWorld.start();
  });
  after(() => world.stop());

  it('a flow sees of each connection: connect, its messages and renewals, disconnect, once and in this order', async () => {
    await assert(
      asyncProperty(array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
        try {
          for (const one of steps) await take(world, one);
        } finally {
          for (const peer of await world.end()) check(peer, world.seenOf(peer));
        }
      }),
      { numRuns: 25, endOnFailure: true },
    );
  });
});

async function take(world: EventWorld, one: Step): Promise<void> {
  const { peers } = world;
  const who = 'who' in one ? peers[one.who % (peers.length || 1)] : undefined;
  switch (one.do) {
    case 'connect':
      return world.connect(one.tenantId);
    case 'say':
      return who?.say(one.count);
    case 'leave':
    case 'renew':
      return who?.[one.do]();
    case 'disconnect':
    case 'revoke':
      return who === undefined ? undefined : world.control(one.do, who);
    case 'deploy':
      return world.deploy(one.what, one.type);
    case 'turns':
      for (let count = 0; count < one.count; count += 1) await turn();
      return;
    case 'settle':
      return world.settled();
  }
}

function check(peer: EventPeer, seen: readonly string[]): void {
  if (seen.length === 0 && !peer.isIn) return;
  const told = `${peer.subject} said ${peer.said}, seen: ${seen.join(' ')}`;
  should(seen[0]).equal('connect', told);
  should(seen.at(-1)).equal('disconnect', told);
  const between = seen.slice(1, -1);
  const messages = between.filter((one) => one !== 'renewed').map(Number);
  const isOrdered = messages.every((one, index) => one > (messages[index - 1] ?? -1));
  should(isOrdered).equal(true, told);
  should(between.length - messages.length).be.aboveOrEqual(peer.isDisturbed ? 0 : peer.renewed, told);
  if (!peer.isDisturbed) should(messages.length).equal(peer.said, told);
}
