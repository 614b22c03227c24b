import type { Cluster } from '../cluster/cluster.js';
import type { ClusterState } from '../cluster/cluster-state.js';
import type { Place } from '../cluster/place.js';
import type { Seat } from '../cluster/seat.js';
import { type ListenerOptions, onlyTenantOf } from '../config/listener-options.js';
import { Membership } from '../sessions/membership.js';
import { Registry } from '../sessions/registry.js';

/** What a cluster may ask of a listener, and what it tells it. */
export interface Neighbour extends Pick<Place, 'deliver' | 'isBusy'> {
  changed(state: ClusterState): void;
}

/** A listener's connections, and its seat in a cluster, which is told of them; without a cluster the connections alone. */
export interface Seated {
  readonly registry: Registry;
  readonly members: Membership;
  readonly seat: Seat | undefined;
  /** Hears nothing more of the cluster. */
  close(): void;
}

/** Joins a cluster, if there is one. */
export function takeSeat(
  cluster: Cluster | undefined,
  path: string,
  options: ListenerOptions,
  { deliver, isBusy, changed }: Neighbour,
): Seated {
  if (cluster === undefined) {
    const alone = new Registry();
    return { registry: alone, members: new Membership(alone, options), seat: undefined, close: () => {} };
  }
  const registry: Registry = new Registry((...counted) => seat.counted(...counted));
  const { scope, tenant } = options;
  const seat = cluster.join({
    path,
    scope,
    onlyTenant: onlyTenantOf(options),
    tenantClaim: tenant.kind === 'claim' ? tenant.name : undefined,
    deliver,
    isBusy,
    connections: () => registry.size,
  });
  const stopObserving = cluster.observe((event) => {
    if (event.kind === 'state') changed(event.state);
  });
  return {
    registry,
    members: new Membership(registry, options, (tenantId) => seat.countElsewhere(tenantId)),
    seat,
    close: () => {
      stopObserving();
      seat.leave();
    },
  };
}
