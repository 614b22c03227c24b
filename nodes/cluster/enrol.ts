import type { Node, NodeAPI } from 'node-red';
import type { Cluster } from '../../src/cluster/cluster.js';
import type { ClusterState } from '../../src/cluster/cluster-state.js';
import { type ClusterEntry, rosterOf } from '../roster.js';

/**
 * Puts a cluster on the list for whoever looks at all of them.
 * @returns takes it off again
 */
export function enrolCluster(RED: NodeAPI, node: Node, cluster: Cluster): () => void {
  let since = Date.now();
  let before = wordOf(cluster.state);
  const stop = cluster.observe((event) => {
    if (event.kind !== 'state' || wordOf(event.state) === before) return;
    before = wordOf(event.state);
    since = Date.now();
  });
  const leave = put(RED, { ...named(node), at: { kind: 'working', cluster }, since: () => since });
  return () => {
    stop();
    leave();
  };
}

/**
 * The same for one that cannot work.
 * @param code what is wrong with its configuration
 * @returns takes it off again
 */
export function enrolBrokenCluster(RED: NodeAPI, node: Node, code: string): () => void {
  const since = Date.now();
  return put(RED, { ...named(node), at: { kind: 'broken', code }, since: () => since });
}

function named({ id, name = '' }: Node): Pick<ClusterEntry, 'id' | 'name'> {
  return { id, name };
}

function put(RED: NodeAPI, entry: ClusterEntry): () => void {
  const { clusters } = rosterOf(RED);
  clusters.add(entry);
  return () => clusters.delete(entry);
}

function wordOf(state: ClusterState): string {
  return state.kind === 'down' ? state.reason : state.kind;
}
