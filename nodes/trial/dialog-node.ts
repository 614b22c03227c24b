import type { Node, NodeAPI } from 'node-red';
import type { Environment } from '../../src/config/embedded-variables.js';
import { variableName } from '../../src/config/properties.js';
import type { RawProperties } from '../../src/config/schema.js';
import { isExcludedVariable } from '../settings.js';
import { environmentOf } from '../variables.js';
import type { DialogValues } from './protocol.js';

/** A config node as a dialog describes it, read as the runtime would read it. */
export interface DialogNode {
  readonly environment: Environment;
  /** Variables replaced. */
  readonly properties: RawProperties;
  /** What was typed, else what the runtime knows; variables replaced. */
  credential(name: string, typed: string | undefined): unknown;
}

type Credentials = Readonly<Record<string, string | undefined>>;

/** @param type of the node: an id of a node of another type is an unknown one */
export function dialogNode(RED: NodeAPI, type: string, { id, properties }: DialogValues): DialogNode {
  const running = runningNode(RED, type, id);
  const environment = environmentOfDialog(RED, running ?? anyGlobalNode(RED));
  const resolve = (value: unknown) => withoutVariable(value, environment);
  const entries = Object.entries(properties).map(([name, value]) => [name, resolve(value)]);
  return {
    environment,
    properties: Object.fromEntries(entries),
    credential(name, typed) {
      if (typed !== undefined) return resolve(typed);
      return running === undefined
        ? resolve(storedCredentials(RED, type, id)[name])
        : running.credentials[name];
    },
  };
}

/** What stands in the deployed flow about a config node; undefined where there is none. */
export function deployedNode(RED: NodeAPI, type: string, id: string): RawProperties | undefined {
  let found: RawProperties | undefined;
  RED.nodes.eachNode((node) => {
    if (node.id === id && node.type === type) found = { ...node };
  });
  return found;
}

function runningNode(RED: NodeAPI, type: string, id: string): Node<Credentials> | undefined {
  const node = RED.nodes.getNode(id) as Node<Credentials> | null; // typed as if every id were a node's
  return node?.type === type ? node : undefined;
}

/** Of a node that is deployed and does not run: disabled, or part of a subflow. */
function storedCredentials(RED: NodeAPI, type: string, id: string): Credentials {
  // never those of another type of node, which may protect something else
  return deployedNode(RED, type, id) === undefined
    ? {}
    : ((RED.nodes.getCredentials(id) ?? {}) as Credentials);
}

/** A config node outside of all flows: its variables are those that a node not yet deployed will see. */
function anyGlobalNode(RED: NodeAPI): Node | undefined {
  let found: Node | undefined;
  RED.nodes.eachNode(({ id, z }) => {
    if (!z) found ??= RED.nodes.getNode(id) ?? undefined;
  });
  return found;
}

function environmentOfDialog(RED: NodeAPI, owner: Node | undefined): Environment {
  if (owner !== undefined) return environmentOf(RED, owner);
  return (name) => (isExcludedVariable(RED, name) ? undefined : process.env[name]);
}

/** What Node-RED makes of a value that is a variable, whole. */
function withoutVariable(value: unknown, environment: Environment): unknown {
  const name = typeof value === 'string' ? variableName(value) : undefined;
  return name === undefined ? value : (environment(name) ?? value);
}
