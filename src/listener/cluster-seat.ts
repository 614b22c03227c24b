import type { Cluster } from '../cluster/cluster.js';
import type { ClusterState } from '../cluster/cluster-state.js';
import type { Place } from '../cluster/place.js';
import type { Seat } from '../cluster/seat.js';
import { type ListenerOptions, onlyTenantOf } from '../config/listener-options.js';
import { Membership } from '../sessions/membership.js';
import { Registry } from '../sessions/registry.js';
import type { Revocations } from '../sessions/revocations.js';
import type { SessionIds } from '../sessions/session-id.js';
import { Answering } from './answering.js';
import { Asking } from './asking.js';
import { ClusterControl } from './cluster-control.js';
import { Control } from './control.js';
import { Positions } from './positions.js';
import { Revoking } from './revoking.js';
import { WideList } from './wide-list.js';

/** A listener, as far as a cluster has to do with it. */
interface Seated {
  readonly path: string;
  readonly options: ListenerOptions;
  readonly sessionIds: SessionIds;
  readonly revocations: Revocations;
}

/** What a cluster may ask of a listener, and what it tells it. */
export interface Neighbour extends Pick<Place, 'deliver' | 'isBusy'> {
  changed(state: ClusterState): void;
}

/** A listener's connections and what flows may do with them; with a cluster, there and with those of the others. */
export interface Household {
  readonly registry: Registry;
  readonly members: Membership;
  readonly control: Pick<Control, 'do'>;
  /** In a cluster, if there is one. */
  readonly seat: Seat | undefined;
  /** Hears nothing more of the cluster. */
  close(): void;
}

/** Joins a cluster, if there is one. */
export function takeSeat(
  cluster: Cluster | undefined,
  listener: Seated,
  { deliver, isBusy, changed }: Neighbour,
): Household {
  const { path, options, sessionIds, revocations } = listener;
  const { scope, tenant, validation } = options;
  const registry: Registry =
    cluster === undefined ? new Registry() : new Registry((...counted) => seat.counted(...counted));
  const revoking = new Revoking(revocations, registry, validation.kind !== 'none');
  const control = new Control(options, { connected: registry, revoking, sessionIds });
  if (cluster === undefined) {
    return {
      registry,
      members: new Membership(registry, options),
      control,
      seat: undefined,
      close: () => {},
    };
  }
  const positions = new Positions(registry, cluster.instance);
  const answering = new Answering(options, { connected: registry, control, positions, revoking });
  const seat = cluster.join({
    path,
    scope,
    onlyTenant: onlyTenantOf(options),
    tenantClaim: tenant.kind === 'claim' ? tenant.name : undefined,
    deliver,
    isBusy,
    connections: () => registry.size,
    answer: (question) => answering.answer(question),
    revocations: validation.kind === 'none' ? undefined : revoking,
  });
  const asking = new Asking(seat, cluster.instance);
  const list = new WideList(asking, positions, { options, sessionIds: cluster.sessionIds });
  const stopObserving = cluster.observe((event) => {
    if (event.kind === 'state') changed(event.state);
  });
  return {
    registry,
    members: new Membership(registry, options, (tenantId) => seat.countElsewhere(tenantId)),
    control: new ClusterControl({ control, answering, revoking, seat, asking, list }),
    seat,
    close: () => {
      stopObserving();
      seat.leave();
      revoking.close();
    },
  };
}
