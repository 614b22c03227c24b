import type { Node, NodeAPI } from 'node-red';
import type { Cluster } from '../../src/cluster/cluster.js';
import type { ClusterState } from '../../src/cluster/cluster-state.js';
import { createNodeLog } from '../node-log.js';

/**
 * Writes into the log when other instances are out of reach, once for each outage, when they are back, and what keeps
 * members from hearing each other.
 * @returns stops
 */
export function logCluster(RED: NodeAPI, node: Node, cluster: Cluster): () => void {
  const warnings = createNodeLog(RED, (line) => node.warn(line));
  const news = createNodeLog(RED, (line) => node.log(line));
  let isDown = false;
  let isFlooded = false;
  const changed = (state: ClusterState) => {
    if (state.kind === 'down' && state.reason === 'flooded') {
      if (!isFlooded) warnings.add('flooded', () => RED._('warn.cluster-flooded'));
      isDown = true;
      isFlooded = true;
    } else if (state.kind === 'down' && !isDown) {
      isDown = true;
      const { reason } = state;
      warnings.add('down', () => RED._('warn.cluster-down', { reason }));
    } else if (state.kind === 'up' && isDown) {
      isDown = false;
      isFlooded = false;
      news.add('up', () => RED._('info.cluster-up'));
    }
  };
  const stop = cluster.observe((event) => {
    switch (event.kind) {
      case 'state':
        return changed(event.state);
      case 'differs':
        return warnings.add('differs', () => RED._('warn.cluster-differs', { path: event.path }));
      case 'clock': {
        const seconds = Math.round(event.offMs / 1000);
        return warnings.add('clock', () => RED._('warn.cluster-clock', { seconds }));
      }
    }
  });
  return () => {
    stop();
    warnings.close();
    news.close();
  };
}
