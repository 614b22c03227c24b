import type { RoutingScope } from '../../src/config/listener-schema.js';
import { isVariable } from '../../src/config/properties.js';
import type { FlowEntry } from './flow-entry.js';
import { reachedFromElsewhere } from './origins.js';

export interface Plan {
  /** Built-in config nodes, then built-in flow nodes. */
  readonly configs: readonly FlowEntry[];
  readonly nodes: readonly FlowEntry[];
  /**
   * The scope to propose for each listener, by its id: `session` goes on as before, and sends nothing that comes from no
   * peer; where something else reaches a `websocket out` of the listener, that would stop it.
   */
  readonly proposals: ReadonlyMap<string, RoutingScope>;
  /** Whether the user's selection decided, not the whole flow file. */
  readonly isSelection: boolean;
  /** How many of `nodes` come along unselected, because they use the listener or client of a selected one. */
  readonly added: number;
  /** How many entries stay because they, or one that shares their listener or client, are in a locked flow. */
  readonly locked: number;
  /** How many entries stay because something else uses their listener or client, or a variable names it. */
  readonly shared: number;
}

const NODES = ['websocket in', 'websocket out'];
const CONFIGS = ['websocket-listener', 'websocket-client'];

/** Properties that name nodes without using them as listener or client; the ids in them stay right. */
const HARMLESS = ['id', 'z', 'g', 'wires', 'nodes', 'scope', 'links'];

/**
 * Finds what can be converted. A path has one owner, so nodes that share a listener or a client are converted together
 * or not at all.
 * @param flow all entries of the editor
 * @param selected ids of nodes and flows; when no built-in node is among them, all are meant
 */
export function planConversion(flow: readonly FlowEntry[], selected: ReadonlySet<string>): Plan {
  const builtIn = flow.filter(({ type }) => NODES.includes(type) || CONFIGS.includes(type));
  const chosen = builtIn.filter(({ id, z }) => selected.has(id) || selected.has(String(z)));
  const isSelection = chosen.length > 0;
  const lockedFlows = new Set(flow.filter(({ locked }) => locked === true).map(({ id }) => id));
  const usedElsewhere = strings(flow.filter((entry) => !builtIn.includes(entry)));

  const free = new Set<FlowEntry>();
  let locked = 0;
  let shared = 0;
  for (const family of families(builtIn)) {
    if (isSelection && !family.some((entry) => chosen.includes(entry))) continue;
    if (family.some(({ z }) => lockedFlows.has(String(z)))) locked += family.length;
    else if (
      family.some((entry) => usedElsewhere.has(entry.id) && isConfig(entry)) ||
      family.some(isNamedByVariable)
    )
      shared += family.length;
    else for (const entry of family) free.add(entry);
  }
  const converted = builtIn.filter((entry) => free.has(entry));
  const nodes = converted.filter((entry) => !isConfig(entry));
  const configs = converted.filter(isConfig);
  return {
    configs,
    nodes,
    proposals: proposalsFor(configs, nodes, flow),
    isSelection,
    added: isSelection ? nodes.filter((node) => !chosen.includes(node)).length : 0,
    locked,
    shared,
  };
}

function proposalsFor(
  configs: readonly FlowEntry[],
  nodes: readonly FlowEntry[],
  flow: readonly FlowEntry[],
): ReadonlyMap<string, RoutingScope> {
  const outs = nodes.filter(({ type, client }) => type === 'websocket out' && !client);
  const reached = reachedFromElsewhere(flow, outs);
  const announcing = new Set(outs.filter(({ id }) => reached.has(id)).map(({ server }) => server));
  const listeners = configs.filter(({ type }) => type === 'websocket-listener');
  return new Map(listeners.map(({ id }) => [id, announcing.has(id) ? 'tenant' : 'session']));
}

/** Groups the entries that are connected through the listeners and clients they name. */
function families(builtIn: readonly FlowEntry[]): readonly (readonly FlowEntry[])[] {
  const left = new Set(builtIn);
  const found: FlowEntry[][] = [];
  for (const start of builtIn) {
    if (!left.delete(start)) continue;
    const family = [start];
    for (const member of family) {
      for (const other of left) {
        if (!names(member, other) && !names(other, member)) continue;
        left.delete(other);
        family.push(other);
      }
    }
    found.push(family);
  }
  return found;
}

function names(node: FlowEntry, config: FlowEntry): boolean {
  return !isConfig(node) && isConfig(config) && (node.server === config.id || node.client === config.id);
}

function isConfig({ type }: FlowEntry): boolean {
  return CONFIGS.includes(type);
}

/** Which listener or client a variable names is known only at run time. */
function isNamedByVariable({ server, client }: FlowEntry): boolean {
  return [server, client].some((value) => typeof value === 'string' && isVariable(value));
}

function strings(entries: readonly FlowEntry[]): ReadonlySet<string> {
  const found = new Set<string>();
  const collect = (value: unknown) => {
    if (typeof value === 'string') found.add(value);
    else if (typeof value === 'object' && value !== null)
      for (const part of Object.values(value)) collect(part);
  };
  for (const entry of entries)
    for (const [name, value] of Object.entries(entry)) if (!HARMLESS.includes(name)) collect(value);
  return found;
}
