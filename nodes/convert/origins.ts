import type { FlowEntry } from './flow-entry.js';

/** Nodes that hand on the messages of others without a wire: the nodes they watch, or all of their flow. */
const WATCHERS = ['catch', 'complete'];

/** Nodes at which no messages begin but, for the first, those of peers. */
const PASSIVE = ['websocket in', 'link in', 'link out', 'link call', 'junction'];

/** A subflow as a flow file holds it; `port` counts its outputs. */
interface Port {
  readonly wires?: readonly { readonly id: string; readonly port?: number }[];
}

/**
 * The ids of the nodes in `targets` that get messages which do not come from a built-in `websocket in`: upstream of them,
 * along wires, links, subflows and catch nodes, there is another node at which messages begin.
 */
export function reachedFromElsewhere(
  flow: readonly FlowEntry[],
  targets: readonly FlowEntry[],
): ReadonlySet<string> {
  const entries = new Map(flow.map((entry) => [entry.id, entry]));
  const feeders = feedersOf(flow);
  const found = targets.filter((target) =>
    upstream(target.id, feeders).some((id) => begins(entries.get(id), feeders)),
  );
  return new Set(found.map(({ id }) => id));
}

/** All ids before `start`, which is none of them. */
function upstream(start: string, feeders: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const seen = new Set(feeders.get(start));
  for (const id of seen) for (const feeder of feeders.get(id) ?? []) seen.add(feeder); // grows while it is walked
  seen.delete(start);
  return [...seen];
}

/** Whether messages begin at a node that are no peer's. What only hands on begins nothing. */
function begins(node: FlowEntry | undefined, feeders: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  if (node === undefined || node.d === true || feeders.has(node.id)) return false;
  return !node.type.startsWith('subflow:') && ![...PASSIVE, ...WATCHERS].includes(node.type);
}

/** What hands messages to a node, by its id. The id of a subflow's instance stands for what goes into the instance. */
function feedersOf(flow: readonly FlowEntry[]): ReadonlyMap<string, ReadonlySet<string>> {
  const feeders = new Map<string, Set<string>>();
  const feed = (target: string, feeder: string) => {
    const known = feeders.get(target) ?? new Set();
    feeders.set(target, known.add(feeder));
  };
  const subflows = new Map(flow.filter(({ type }) => type === 'subflow').map((one) => [one.id, one]));
  for (const entry of flow) {
    const subflow = subflows.get(entry.type.replace('subflow:', ''));
    if (entry.type.startsWith('subflow:') && subflow !== undefined) {
      for (const inner of listOf<Port>(subflow.in).flatMap(({ wires }) => wires ?? []))
        feed(inner.id, entry.id);
    }
    listOf<readonly string[]>(entry.wires).forEach((targets, port) => {
      for (const target of listOf<string>(targets))
        for (const source of sourcesOf(entry, subflow, port)) feed(target, source);
    });
    if (entry.type === 'link out' || entry.type === 'link call')
      for (const target of listOf<string>(entry.links)) feed(target, entry.id);
    if (WATCHERS.includes(entry.type)) for (const id of watchedBy(entry, flow)) feed(entry.id, id);
  }
  return feeders;
}

/** Who sends from a port of `entry`: the node itself, or the nodes inside of the subflow that it is an instance of. */
function sourcesOf(entry: FlowEntry, subflow: FlowEntry | undefined, port: number): string[] {
  if (subflow === undefined || entry.type === 'subflow') return [entry.id];
  const inside = listOf<Port>(subflow.out)[port]?.wires ?? [];
  return inside.map(({ id }) => (id === subflow.id ? entry.id : id)); // a wire straight through
}

function watchedBy(entry: FlowEntry, flow: readonly FlowEntry[]): readonly string[] {
  if (Array.isArray(entry.scope)) return listOf<string>(entry.scope);
  const neighbours = flow.filter(
    ({ id, z, wires }) => z === entry.z && id !== entry.id && Array.isArray(wires),
  );
  return neighbours.filter(({ type }) => !WATCHERS.includes(type)).map(({ id }) => id);
}

/** A list in a flow file, of what the editor puts there. */
function listOf<T>(value: unknown): readonly T[] {
  return Array.isArray(value) ? value : [];
}
