import type { Bench } from '../harness/bench.js';
import { clusterBalance } from './cluster-balance.js';
import { clusterSends } from './cluster-sends.js';
import { clusterTenants } from './cluster-tenants.js';
import { clusterWay } from './cluster-way.js';

/** One listener on several instances: what a message to peers elsewhere costs, how long it takes, and what tenants cost. */
export async function clusterSuite(bench: Bench): Promise<void> {
  await clusterSends(bench);
  await clusterWay(bench);
  await clusterBalance(bench);
  await clusterTenants(bench);
}
