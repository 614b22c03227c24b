import type { Node, NodeAPI } from 'node-red';
import type { BrokerSettings } from '../../src/cluster/mqtt-transport.js';
import { ConfigurationError } from '../../src/config/codes.js';

/** Node-RED's `mqtt-broker` (10-mqtt.js): what it would connect with, complete once it is made, and a reference to nothing of it. */
interface BrokerNode extends Node {
  readonly brokerurl?: unknown;
  readonly options?: unknown;
}

/** What is about that node's own connection: its name, its session, its last will, how it comes back. */
const ITS_OWN = ['clientId', 'clean', 'will', 'keepalive', 'reconnectPeriod', 'properties'] as const;

/**
 * Where the broker is that an `mqtt-broker` node describes, and what it has to be told: user, password, TLS, proxy, version.
 * The node's own connection is left alone; where no other node uses it, there is none.
 * @throws ConfigurationError `broker-missing`
 */
export function brokerSettings(RED: NodeAPI, id: string): BrokerSettings {
  const node = RED.nodes.getNode(id) as BrokerNode | null; // typed as if every id were a node's
  if (node?.type !== 'mqtt-broker') throw new ConfigurationError('broker-missing');
  const { brokerurl: url, options } = node;
  if (typeof url !== 'string' || url === '' || typeof options !== 'object' || options === null) {
    throw new ConfigurationError('broker-missing');
  }
  const entries = Object.entries(options).filter(([name]) => !ITS_OWN.some((one) => one === name));
  return { url, options: Object.fromEntries(entries) };
}
