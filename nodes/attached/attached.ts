import type { Node, NodeAPI, NodeDef } from 'node-red';
import { ConfigurationError } from '../../src/config/codes.js';
import type { Endpoint } from '../../src/endpoint/endpoint.js';
import { readableError } from '../errors.js';
import { showMisconfigured, showStatus } from './status.js';

/** A config node of ours: what `ws.in+` and `ws.out+` find by its id. */
export interface EndpointNode extends Node {
  endpoint?: Endpoint;
}

/** The properties that `ws.in+` and `ws.out+` share: the id of a listener or of a client. */
export interface AttachedDef extends NodeDef {
  readonly server?: string;
  readonly client?: string;
}

/**
 * Finds the endpoint that a node is attached to, and shows its state on the node until the node closes.
 * Says on the node what is wrong where there is none.
 */
export function attachedEndpoint(RED: NodeAPI, node: Node, config: AttachedDef): Endpoint | undefined {
  const id = config.client || config.server;
  const { endpoint } = id ? ((RED.nodes.getNode(id) ?? {}) as Partial<EndpointNode>) : {};
  if (endpoint === undefined) {
    const missing = new ConfigurationError('config-missing');
    node.error(readableError(RED, missing).message);
    showMisconfigured(RED, node, missing.code);
    return undefined;
  }
  const stop = showStatus(RED, node, endpoint);
  endpoint.start();
  node.on('close', stop);
  return endpoint;
}
