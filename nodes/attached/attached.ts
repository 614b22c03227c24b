import type { Node, NodeAPI, NodeDef } from 'node-red';
import { ConfigurationError } from '../../src/config/codes.js';
import type { Endpoint } from '../../src/endpoint/endpoint.js';
import { readableError } from '../errors.js';
import { showMisconfigured, showStatus } from './status.js';

/** A config node of ours: what the nodes that are attached to it find by its id. */
export interface EndpointNode extends Node {
  endpoint?: Endpoint;
  /** What a flow knows it by: a listener's path, a client's URL without its query. */
  topic?: string;
}

/** The properties that all nodes share which are attached to something: the id of a listener or of a client. */
export interface AttachedDef extends NodeDef {
  readonly server?: string;
  readonly client?: string;
}

/**
 * Finds the endpoint that a node is attached to, and shows its state on the node until the node closes.
 * Says on the node what is wrong where there is none.
 */
export function attachedEndpoint(RED: NodeAPI, node: Node, config: AttachedDef): Endpoint | undefined {
  const endpoint = findEndpoint(RED, node, config);
  if (endpoint !== undefined) useEndpoint(RED, node, endpoint);
  return endpoint;
}

/** Finds the endpoint that a node is attached to, and says on the node what is wrong where there is none. */
export function findEndpoint(RED: NodeAPI, node: Node, config: AttachedDef): Endpoint | undefined {
  const { endpoint } = configNode(RED, config);
  if (endpoint === undefined) {
    const missing = new ConfigurationError('config-missing');
    node.error(readableError(RED, missing).message);
    showMisconfigured(RED, node, missing.code);
  }
  return endpoint;
}

/** Shows an endpoint's state on a node until the node closes. */
export function useEndpoint(RED: NodeAPI, node: Node, endpoint: Endpoint): void {
  const stop = showStatus(RED, node, endpoint);
  endpoint.start();
  node.on('close', stop);
}

/** What a flow knows the endpoint by that a node is attached to. */
export function topicOf(RED: NodeAPI, config: AttachedDef): string {
  return configNode(RED, config).topic ?? '';
}

/** The id of the config node that a node is attached to. */
export function attachedId({ client, server }: AttachedDef): string {
  return client || server || '';
}

function configNode(RED: NodeAPI, config: AttachedDef): Partial<EndpointNode> {
  const id = attachedId(config);
  return id === '' ? {} : ((RED.nodes.getNode(id) ?? {}) as Partial<EndpointNode>);
}

/**
 * Says on a node that it must not work as it is configured, and to each of its messages.
 * @throws what is no ConfigurationError
 */
export function refuseMessages(RED: NodeAPI, node: Node, error: unknown): void {
  if (!(error instanceof ConfigurationError)) throw error;
  const readable = readableError(RED, error);
  node.error(readable.message);
  showMisconfigured(RED, node, error.code);
  node.on('input', (_message, _send, done) => done(readable));
}
