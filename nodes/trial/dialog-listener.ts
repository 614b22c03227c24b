import type { Node, NodeAPI } from 'node-red';
import type { Environment } from '../../src/config/embedded-variables.js';
import {
  type ListenerOptions,
  parseListenerOptions,
  parseListenerPath,
} from '../../src/config/listener-options.js';
import { variableName } from '../../src/config/properties.js';
import type { RawProperties } from '../../src/config/schema.js';
import { isExcludedVariable } from '../settings.js';
import { environmentOf } from '../variables.js';
import type { DialogValues } from './protocol.js';

const TYPE = 'websocket-plus-listener';

interface Credentials {
  readonly jwtSecret?: string;
}

/** What a listener would be if its dialog were deployed now. */
export interface DialogListener {
  readonly options: ListenerOptions;
  /** Below `httpNodeRoot`. */
  readonly path: string;
}

/**
 * Reads a dialog as the runtime reads a node, variables replaced.
 * @throws ConfigurationError
 */
export function listenerOfDialog(RED: NodeAPI, { id, properties, jwtSecret }: DialogValues): DialogListener {
  const running = runningListener(RED, id);
  const environment = environmentOfDialog(RED, running ?? anyGlobalNode(RED));
  const resolve = (value: unknown) => withoutVariable(value, environment);
  const entries = Object.entries(properties).map(([name, value]) => [name, resolve(value)]);
  const resolved: RawProperties = Object.fromEntries(entries);
  const secret =
    jwtSecret === undefined && running !== undefined
      ? running.credentials.jwtSecret
      : resolve(jwtSecret ?? storedSecret(RED, id));
  return {
    options: parseListenerOptions(resolved, secret, environment),
    path: parseListenerPath(resolved, environment),
  };
}

function runningListener(RED: NodeAPI, id: string): Node<Credentials> | undefined {
  const node = RED.nodes.getNode(id) as Node<Credentials> | null; // typed as if every id were a node's
  return node?.type === TYPE ? node : undefined;
}

/** Of a listener that is deployed and does not run: disabled, or part of a subflow. */
function storedSecret(RED: NodeAPI, id: string): string | undefined {
  let isListener = false;
  RED.nodes.eachNode((node) => {
    isListener ||= node.id === id && node.type === TYPE;
  });
  // never the secret of another type of node, which may protect something else
  return isListener ? ((RED.nodes.getCredentials(id) ?? {}) as Credentials).jwtSecret : undefined;
}

/** A config node outside of all flows: its variables are those that a listener not yet deployed will see. */
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
