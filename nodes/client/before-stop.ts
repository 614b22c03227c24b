import type { Node, NodeAPI } from 'node-red';

/** What Node-RED tells of a deploy (runtime/lib/flows/index.js). */
interface Stopping {
  readonly type: 'full' | 'flows' | 'nodes';
  readonly diff?: Readonly<
    Partial<Record<'changed' | 'removed' | 'linked' | 'rewired' | 'flowChanged', readonly string[]>>
  >;
}

const EVENT = 'flows:stopping';

interface Watch {
  readonly acts: Map<Node, () => void>;
  readonly tell: (stopping: Stopping) => void;
}

/** Who wants to know, for each runtime: one listener for all of them, however many there are. */
const watches = new WeakMap<NodeAPI, Watch>();

/**
 * Calls `act` before a deploy, or the end of the runtime, stops `node`, while the flows still run: closing comes too late to
 * tell them anything.
 * @returns forgets it
 */
export function beforeStop(RED: NodeAPI, node: Node, act: () => void): () => void {
  const { acts, tell } = watches.get(RED) ?? newWatch(RED);
  if (acts.size === 0) RED.events.on(EVENT, tell);
  acts.set(node, act);
  return () => {
    acts.delete(node);
    if (acts.size === 0) RED.events.off(EVENT, tell);
  };
}

function newWatch(RED: NodeAPI): Watch {
  const acts = new Map<Node, () => void>();
  const tell = (stopping: Stopping) => {
    for (const [node, act] of acts) if (stops(node, stopping)) act();
  };
  const watch = { acts, tell };
  watches.set(RED, watch);
  return watch;
}

function stops({ id, z }: Node, { type, diff }: Stopping): boolean {
  if (type === 'full') return true;
  const { changed = [], removed = [], linked = [], rewired = [], flowChanged = [] } = diff ?? {};
  const nodes = type === 'nodes' ? [changed, removed] : [changed, removed, linked, rewired];
  return nodes.some((ids) => ids.includes(id)) || flowChanged.includes(z) || removed.includes(z);
}
