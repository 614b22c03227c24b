import type { FlowObject, Group, Link } from '../dialog/red-flows-editor.js';
import type { FlowEntry } from './flow-entry.js';

/**
 * Puts `configs` and `nodes` in the place of the editor's objects of the same ids, as one step of the undo history.
 * Nothing else is touched: references to ids stay valid, and earlier steps can still be undone.
 */
export function replaceInPlace(configs: readonly FlowEntry[], nodes: readonly FlowEntry[]): void {
  const oldConfigs = configs.flatMap(findObject);
  const oldNodes = nodes.flatMap(findObject);
  const oldLinks = linksOf(oldNodes);
  const restoreOrder = rememberOrder(oldNodes);
  const wasDirty = RED.nodes.dirty();

  redrawNow(); // a canvas that cannot be drawn throws: before anything is removed
  for (const node of oldNodes) {
    leaveGroup(node);
    RED.nodes.remove(node.id);
  }
  for (const { id } of oldConfigs) RED.nodes.remove(id);
  redrawNow();
  const newConfigs = configs.map(addObject);
  const newNodes = nodes.map(addObject);
  for (const node of newNodes) enterGroup(node);
  for (const node of [...newConfigs, ...newNodes]) RED.editor.validateNode(node);
  const newLinks = oldLinks.map((link) => relink(link, newNodes));
  for (const link of newLinks) RED.nodes.addLink(link);
  restoreOrder();

  RED.history.push({
    t: 'multi',
    events: [
      { t: 'delete', nodes: oldNodes, links: oldLinks, callback: redrawNow },
      { t: 'delete', nodes: oldConfigs },
      { t: 'add', nodes: newConfigs.map(({ id }) => id) },
      { t: 'add', nodes: newNodes.map(({ id }) => id), links: newLinks, callback: redrawNow },
    ],
    dirty: wasDirty,
    callback: restoreOrder,
  });
  RED.nodes.dirty(true);
  RED.workspaces.refresh();
  RED.sidebar.config.refresh();
  RED.view.redraw(true);
}

/** The canvas knows its drawings by id: it must forget those of the old nodes before it meets the new ones. */
function redrawNow(): void {
  RED.view.redraw(true, true);
}

function findObject({ id }: FlowEntry): FlowObject[] {
  const found = RED.nodes.node(id);
  return found ? [found] : [];
}

function addObject(entry: FlowEntry): FlowObject {
  const definition = RED.nodes.getType(entry.type);
  if (definition === undefined) throw new Error(`unknown type ${entry.type}`);
  const { wires: _wires, ...own } = entry;
  const common = { ...own, changed: true, _def: definition, _config: {} };
  return RED.nodes.add(
    definition.category === 'config'
      ? // The label that Node-RED calls is the object's own; the definition declares it with the same `this`.
        ({ ...common, users: [], label: definition.label } as unknown as FlowObject)
      : { ...common, inputs: definition.inputs, outputs: definition.outputs, wires: [] },
  );
}

function linksOf(nodes: readonly FlowObject[]): Link[] {
  const ids = new Set(nodes.map(({ id }) => id));
  const links: Link[] = [];
  RED.nodes.eachLink((link) => {
    if (ids.has(link.source.id) || ids.has(link.target.id)) links.push(link);
  });
  return links;
}

function relink({ source, sourcePort, target }: Link, nodes: readonly FlowObject[]): Link {
  const current = <T extends { readonly id: string }>(end: T) => nodes.find(({ id }) => id === end.id) ?? end;
  return { source: current(source), sourcePort, target: current(target) };
}

function leaveGroup(node: FlowObject): void {
  const group = groupOf(node);
  const index = group?.nodes.indexOf(node) ?? -1;
  if (index !== -1) group?.nodes.splice(index, 1);
}

function enterGroup(node: FlowObject): void {
  const group = groupOf(node);
  if (group === undefined) return;
  group.nodes.push(node);
  RED.group.markDirty(group);
}

function groupOf({ g }: FlowObject): Group | undefined {
  return g === undefined ? undefined : RED.nodes.group(g);
}

/** Removing and adding moves nodes to the end of their flow and of their group. @returns puts them back */
function rememberOrder(nodes: readonly FlowObject[]): () => void {
  const flows = new Map(nodes.flatMap(({ z }) => (z === undefined ? [] : [[z, RED.nodes.getNodeOrder(z)]])));
  const groups = new Map(
    nodes.flatMap((node) => {
      const group = groupOf(node);
      return group === undefined ? [] : [[group.id, group.nodes.map(({ id }) => id)]];
    }),
  );
  return () => {
    for (const [flow, order] of flows) RED.nodes.setNodeOrder(flow, order);
    for (const [id, order] of groups)
      RED.nodes.group(id)?.nodes.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
  };
}
