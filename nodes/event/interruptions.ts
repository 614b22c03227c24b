import type { NodeAPI } from 'node-red';
import { type EventSource, type Happening, Subscription } from './subscription.js';

type Deliver = (happening: Happening) => void;

/** What is between the stop of flows and their start, by the ids of nodes. */
interface Interruptions {
  /** Of nodes that were stopped, and that may come back. */
  readonly stopped: Map<string, Subscription>;
  /** What is to be done once all nodes of a deploy are there: only then messages find them. */
  readonly starting: (() => void)[];
  /** Whether it is known when that is. */
  awaited: boolean;
}

const interruptions = new WeakMap<NodeAPI['events'], Interruptions>();

/**
 * Subscribes a node to an endpoint's events. Where a node of this id was stopped by the same deploy, what happened since
 * comes first. Events come once all nodes are started.
 * @returns to be called when the node stops: for good, or until it is made again
 */
export function takeUp(
  RED: NodeAPI,
  nodeId: string,
  source: EventSource,
  deliver: Deliver,
): (forGood: boolean) => void {
  const deploy = interruptionsOf(RED);
  const { stopped, starting } = deploy;
  const earlier = stopped.get(nodeId);
  stopped.delete(nodeId);
  if (earlier !== undefined && earlier.source.id !== source.id) earlier.stop(); // of another listener
  const isSame = earlier?.source.endpoint === source.endpoint;
  const current = isSame && earlier !== undefined ? earlier : new Subscription(source);
  const before = isSame || earlier?.source.id !== source.id ? undefined : earlier;
  let isStopped = false;
  starting.push(() => {
    before?.resume(deliver);
    before?.stop();
    if (!isStopped) current.resume(deliver);
  });
  awaitStart(RED, deploy);
  return (forGood) => {
    isStopped = true;
    current.pause();
    if (forGood) current.stop();
    else stopped.set(nodeId, current);
    awaitStart(RED, deploy);
  };
}

function interruptionsOf({ events }: NodeAPI): Interruptions {
  const known = interruptions.get(events);
  if (known !== undefined) return known;
  const made: Interruptions = { stopped: new Map(), starting: [], awaited: false };
  interruptions.set(events, made);
  return made;
}

/** One handler for all nodes of a deploy, which goes when the deploy is complete. */
function awaitStart({ events }: NodeAPI, deploy: Interruptions): void {
  if (deploy.awaited) return;
  deploy.awaited = true;
  events.once('flows:started', () => {
    deploy.awaited = false;
    for (const start of deploy.starting.splice(0)) start();
    for (const subscription of deploy.stopped.values()) subscription.stop(); // nobody came back for it
    deploy.stopped.clear();
  });
}
