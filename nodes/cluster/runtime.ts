import { hostname } from 'node:os';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { Cluster } from '../../src/cluster/cluster.js';
import { MqttTransport } from '../../src/cluster/mqtt-transport.js';
import { parseClusterOptions } from '../../src/config/cluster-options.js';
import { ConfigurationError } from '../../src/config/codes.js';
import { readableError } from '../errors.js';
import { packageVersion } from '../package-version.js';
import { sessionIds } from '../session-ids.js';
import { environmentOf, withVariable } from '../variables.js';
import { brokerSettings } from './broker-settings.js';
import { enrolBrokenCluster, enrolCluster } from './enrol.js';
import { logCluster } from './log.js';

const TYPE = 'websocket-plus-cluster';

interface Credentials {
  readonly secret?: string;
}

interface ClusterNode extends Node<Credentials> {
  /** Absent where it is misconfigured. */
  cluster?: Cluster;
}

interface ClusterDef extends NodeDef {
  readonly [property: string]: unknown;
}

/** Registers the config node `websocket-plus-cluster`. It connects when it is there, whether a listener names it or not. */
export function registerCluster(RED: NodeAPI): void {
  RED.nodes.registerType<ClusterNode, ClusterDef, object, Credentials>(
    TYPE,
    function (this: ClusterNode, config: ClusterDef) {
      RED.nodes.createNode(this, config);
      try {
        start(RED, this, config);
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        this.error(readableError(RED, withVariable(RED, this, 'secret', error)).message);
        this.on('close', enrolBrokenCluster(RED, this, error.code));
      }
    },
    { credentials: { secret: { type: 'password' } } },
  );
}

/**
 * The cluster of that id.
 * @throws ConfigurationError where there is none, or none that works: a listener alone would look like one of several
 */
export function openedCluster(RED: NodeAPI, id: string): Cluster {
  const node = RED.nodes.getNode(id) as ClusterNode | null; // typed as if every id were a node's
  if (node?.type !== TYPE) throw new ConfigurationError('cluster-missing');
  if (node.cluster === undefined) throw new ConfigurationError('cluster-broken');
  return node.cluster;
}

/** @throws ConfigurationError */
function start(RED: NodeAPI, node: ClusterNode, config: ClusterDef): void {
  const { secret, prefix, broker } = parseClusterOptions(
    config,
    node.credentials.secret,
    environmentOf(RED, node),
  );
  const settings = brokerSettings(RED, broker);
  const about = { host: hostname(), version: packageVersion() };
  const cluster = new Cluster(
    { secret, prefix },
    (...given) => new MqttTransport(settings, ...given),
    undefined,
    about,
  );
  node.cluster = cluster;
  const believeNoMore = sessionIds.add(cluster.sessionIds);
  const stopLog = logCluster(RED, node, cluster);
  const leave = enrolCluster(RED, node, cluster);
  node.on('close', (done: () => void) => {
    believeNoMore();
    stopLog();
    leave();
    cluster.close().then(done, done);
  });
}
