import { hasHaproxy } from '../../support/cluster/haproxy.js';
import { hasMosquitto } from '../../support/cluster/mosquitto.js';
import type { Bench } from '../harness/bench.js';
import { clusterBalance } from './cluster-balance.js';
import { clusterSends } from './cluster-sends.js';
import { clusterTenants } from './cluster-tenants.js';
import { clusterWay } from './cluster-way.js';

/**
 * One listener on several instances: what a message to peers elsewhere costs, how long it takes, and what tenants cost.
 * @throws TypeError where something is missing that all of it needs
 */
export async function clusterSuite(bench: Bench): Promise<void> {
  const needs = { Linux: process.platform === 'linux', Mosquitto: hasMosquitto(), HAProxy: hasHaproxy() };
  const missing = Object.entries(needs).flatMap(([name, isThere]) => (isThere ? [] : [name]));
  if (missing.length > 0) throw new TypeError(`--suite cluster needs ${missing.join(', ')}`);
  await clusterSends(bench);
  await clusterWay(bench);
  await clusterBalance(bench);
  await clusterTenants(bench);
}
