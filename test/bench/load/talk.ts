import type { Dialect } from '../peers/peer-spec.js';
import { exchange } from './exchange.js';
import type { LoadPeer } from './load-peer.js';

export interface TalkOptions {
  readonly ms: number;
  readonly bytes: number;
  /** How many tenants have a message under way: one each. */
  readonly tenants: number;
  /** How many connections each tenant has, one after the other. */
  readonly perTenant: number;
}

type Talker = Pick<LoadPeer, 'onBytes' | 'write'>;

export interface TalkResult {
  readonly sends: number;
  readonly elapsedMs: number;
}

/**
 * Somebody of a tenant speaks, and all of the tenant hear it; then somebody of the tenant that has been silent longest, who is
 * not the one that spoke there before.
 * @throws RangeError where there are not so many tenants
 */
export function talk(peers: readonly Talker[], dialect: Dialect, options: TalkOptions): Promise<TalkResult> {
  const { ms, bytes, tenants, perTenant } = options;
  const { frames, answer } = exchange(dialect, bytes, false);
  const perMessage = answer.length * perTenant;
  const silent = Array.from({ length: peers.length / perTenant }, (_, tenant) => ({
    members: peers.slice(tenant * perTenant, (tenant + 1) * perTenant),
    turn: 0,
  }));
  if (silent.length < tenants) throw new RangeError(`only ${silent.length} tenants`);
  const start = performance.now();
  let sends = 0;
  let underWay = 0;
  return new Promise((resolve) => {
    const speak = () => {
      // a message that is heard later than one sent after it keeps its tenant out until then
      const tenant = silent.shift();
      if (tenant === undefined) return;
      const { members } = tenant;
      sends += 1;
      underWay += 1;
      let received = 0;
      const onBytes = (read: number) => {
        received += read;
        if (received !== perMessage) return;
        underWay -= 1;
        silent.push(tenant);
        if (performance.now() - start < ms) speak();
        else if (underWay === 0) resolve({ sends, elapsedMs: performance.now() - start });
      };
      for (const member of members) member.onBytes = onBytes;
      members[tenant.turn++ % perTenant]?.write(frames);
    };
    for (let tenant = 0; tenant < tenants; tenant++) speak();
  });
}
