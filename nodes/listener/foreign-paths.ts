import type { NodeAPI, NodeDef } from 'node-red';
import { fullPath, requestPath } from '../../src/config/path.js';
import { commsPath, httpNodeRoot } from '../settings.js';

/** A built-in `websocket-listener`, in the flow file and at work (22-websocket.js). */
interface BuiltIn extends NodeDef {
  readonly path?: string;
  readonly fullPath?: string;
}

/** The paths that others own: Node-RED's built-in listeners and the editor. */
export function foreignPaths(RED: NodeAPI): ReadonlySet<string> {
  const paths = new Set<string>();
  const subflows = new Set<string>();
  const builtIns: BuiltIn[] = [];
  RED.nodes.eachNode((node) => {
    if (node.type === 'subflow') subflows.add(node.id);
    if (node.type === 'websocket-listener') builtIns.push(node);
  });
  for (const definition of builtIns) {
    const atWork = RED.nodes.getNode(definition.id) as unknown as BuiltIn | null;
    if (atWork?.fullPath !== undefined) paths.add(requestPath(atWork.fullPath));
    // instances of a subflow have ids of their own: where the subflow holds a listener, some instance may have it
    else if (definition.path !== undefined && subflows.has(definition.z ?? '')) {
      paths.add(requestPath(fullPath(httpNodeRoot(RED), definition.path)));
    }
  }
  // built-in listeners may not have it either; a path with parameters could fit
  paths.add(requestPath(fullPath(httpNodeRoot(RED), 'debug/ws')));
  const comms = commsPath(RED);
  if (comms !== undefined) paths.add(requestPath(comms));
  return paths;
}
