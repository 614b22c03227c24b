import type { Server } from 'node:http';
import type { NodeAPI } from 'node-red';
import { type Claimant, UpgradeRouter } from '../../src/handshake/upgrade-router.js';
import { foreignPaths } from './foreign-paths.js';

interface Deploys {
  claims: number;
  readonly settle: () => void;
}

const deploys = new WeakMap<Server, Deploys>();

/**
 * Claims a path of the runtime's HTTP server. Whose it is, is settled when all nodes of a deploy are there; one handler
 * of `flows:started` serves all listeners.
 * @returns takes the claim back
 */
export function claimPath(RED: NodeAPI, claimant: Claimant): () => void {
  const { server, events } = RED;
  const router = UpgradeRouter.of(server);
  const known = deploys.get(server) ?? { claims: 0, settle: () => router.settle(foreignPaths(RED)) };
  deploys.set(server, known);
  if (known.claims === 0) events.on('flows:started', known.settle);
  known.claims += 1;
  router.claim(claimant);
  return () => {
    router.release(claimant);
    known.claims -= 1;
    if (known.claims === 0) events.off('flows:started', known.settle);
  };
}
