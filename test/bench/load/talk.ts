import type { Dialect } from '../peers/peer-spec.js';
import { exchange } from './exchange.js';
import type { LoadPeer } from './load-peer.js';

export interface TalkOptions {
  readonly ms: number;
  readonly bytes: number;
  /** How many tenants have a message under way. */
  readonly tenants: number;
  /** How many connections each tenant has, one after the other. */
  readonly perTenant: number;
}

export interface TalkResult {
  readonly sends: number;
  readonly elapsedMs: number;
}

/** Somebody of each tenant speaks, and all of the tenant hear it; then somebody else of the next tenant. */
export function talk(
  peers: readonly LoadPeer[],
  dialect: Dialect,
  options: TalkOptions,
): Promise<TalkResult> {
  const { ms, bytes, tenants, perTenant } = options;
  const { frames, answer } = exchange(dialect, bytes, false);
  const perMessage = answer.length * perTenant;
  const all = peers.length / perTenant;
  const start = performance.now();
  let sends = 0;
  let underWay = 0;
  return new Promise((resolve) => {
    const speak = () => {
      const tenant = sends % all;
      const turn = Math.floor(sends / all) % perTenant;
      sends += 1;
      underWay += 1;
      let received = 0;
      const members = peers.slice(tenant * perTenant, (tenant + 1) * perTenant);
      const onBytes = (read: number) => {
        received += read;
        if (received === perMessage) isHeard();
      };
      for (const member of members) member.onBytes = onBytes;
      members[turn]?.write(frames);
    };
    const isHeard = () => {
      underWay -= 1;
      if (performance.now() - start < ms) speak();
      else if (underWay === 0) resolve({ sends, elapsedMs: performance.now() - start });
    };
    for (let tenant = 0; tenant < tenants; tenant++) speak();
  });
}
