import { type JwksTiming, jwks } from '../../../src/keys/jwks.js';
import type { JwksServer } from '../core/jwks-server.js';
import { TimerWatch } from '../core/timer-watch.js';
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
  recoveries: number;
}

/** Attacks a listener that takes its keys from `endpoint`. */
export async function attackKeySet(
  { endpoint, bystander, timing }: KeySetAttack,
  perform: (target: Target, reports: Reports) => Promise<void>,
): Promise<void> {
  const reports: Reports = { failures: [], recoveries: 0 };
  const timers = new TimerWatch();
  const keys = jwks(
    endpoint.uri,
    {
      failed: (code) => reports.failures.push(code),
      recovered: () => {
        reports.recoveries += 1;
      },
    },
    { ...PATIENT, ...timing },
  );
  const properties = { jwtValidation: 'jwks', jwksUri: endpoint.uri };
  try {
    await attack({ properties, keys, bystander }, (target) => perform(target, reports), timers);
  } finally {
    keys.close();
  }
}
