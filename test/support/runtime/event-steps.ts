import { type Arbitrary, array, constant, constantFrom, integer, nat, oneof, record } from 'fast-check';
import { type Deployed, type EventWorld, turn } from './event-world.js';

/** What happens in an `EventWorld`; `who` is one of those who are there by then. */
export type Step =
  | { readonly do: 'connect'; readonly tenantId: string }
  | { readonly do: 'say'; readonly who: number; readonly count: number }
  | { readonly do: 'leave' | 'renew' | 'disconnect' | 'revoke'; readonly who: number }
  | { readonly do: 'deploy'; readonly what: Deployed; readonly type: 'nodes' | 'flows' }
  | { readonly do: 'turns'; readonly count: number }
  | { readonly do: 'settle' };

/** @param deployed what deploys may make anew */
export function stepsWith(deployed: readonly Deployed[]): Arbitrary<Step[]> {
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
        what: constantFrom(...deployed),
        type: constantFrom('nodes' as const, 'flows' as const),
      }),
      weight: 2,
    },
    { arbitrary: record({ do: constant('turns' as const), count: integer({ min: 1, max: 20 }) }), weight: 3 },
    { arbitrary: constant({ do: 'settle' as const }), weight: 1 },
  );
  return array(step, { minLength: 1, maxLength: 30 });
}

/** Begins a step; only `turns` and `settle` wait for anything. */
export async function take(world: EventWorld, one: Step): Promise<void> {
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
