import type { Node } from 'node-red';

/**
 * Calls a node what Node-RED's log and debug sidebar are to show: what the user calls it, else `fallback` instead of an id
 * that nobody knows. Without both it stays without a name.
 */
export function showName(node: Node, fallback: string | undefined): void {
  if (typeof node.name === 'string' && node.name.trim() !== '') return;
  if (fallback !== undefined) node.name = fallback;
}
