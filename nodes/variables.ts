import type { Node, NodeAPI } from 'node-red';
import { ConfigurationError } from '../src/config/codes.js';
import type { Environment } from '../src/config/embedded-variables.js';
import { variableName } from '../src/config/properties.js';

/** A node inside of a subflow's instance is made of the node in the subflow, whose credentials it has. */
interface Instance extends Node {
  readonly _alias?: string;
}

/** The variables that a node sees: of its subflow, its flow, the process; without those that settings.js excludes. */
export function environmentOf(RED: NodeAPI, node: Node): Environment {
  return (name) => RED.util.getSetting(node, name);
}

const MISSING = ['secret-missing', 'jwt-missing', 'cluster-secret-missing'];

/**
 * Names in an error about a missing credential the variable that was to hold it. Node-RED has replaced it by then, also by
 * nothing.
 */
export function withVariable(
  RED: NodeAPI,
  node: Node,
  credential: string,
  error: ConfigurationError,
): ConfigurationError {
  const { code, variable } = error;
  if (variable !== undefined || !MISSING.some((one) => one === code)) return error;
  const id = (node as Instance)._alias ?? node.id;
  const stored = (Object(RED.nodes.getCredentials(id)) as Readonly<Record<string, unknown>>)[credential];
  return new ConfigurationError(code, typeof stored === 'string' ? variableName(stored) : undefined);
}
