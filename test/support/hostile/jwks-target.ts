import type { JwksTiming } from '../../../src/keys/jwks.js';
import type { JwksServer } from '../core/jwks-server.js';
import { TimerWatch } from '../core/timer-watch.js';
import { FETCHED } from './presented-tokens.js';
import { attack, type Target } from './target.js';

/** As the product waits, but for the back-off: no row's outcome may depend on a retry that happens to come. */
const PATIENT: JwksTiming = {
  refreshMs: 600_000,
  cooldownMs: 30_000,
  minBackoffMs: 60_000,
  maxBackoffMs: 60_000,
  timeoutMs: 4000,
};

export interface KeySetAttack {
  readonly endpoint: JwksServer;
  /** A token that lets the bystander in; null where there are no keys. */
  readonly bystander: string | null;
  readonly timing?: Partial<JwksTiming>;
}

/** What the listener reported of its key set. */
export interface Reports {
  readonly failures: string[];
  readonly recoveries: number;
}

/** Attacks a listener that takes its keys from `endpoint`. */
export async function attackKeySet(
  { endpoint, bystander, timing }: KeySetAttack,
  perform: (target: Target, reports: () => Reports) => Promise<void>,
): Promise<void> {
  const properties = { jwtValidation: 'jwks', jwksUri: endpoint.uri };
  const jwksTiming = { ...PATIENT, ...timing };
  await attack(
    { properties, jwksTiming, bystander },
    async (target) => {
      await perform(target, () => reportsOf(target));
      for (const event of target.listener.events.items) {
        if (event.kind === 'keys-fetched') FETCHED.set(JSON.stringify(event.set), event.set);
      }
    },
    new TimerWatch(),
  );
}

function reportsOf({ listener }: Target): Reports {
  const { items } = listener.events;
  return {
    failures: items.flatMap((event) => (event.kind === 'keys-failed' ? [event.code] : [])),
    recoveries: items.filter(({ kind }) => kind === 'keys-recovered').length,
  };
}
