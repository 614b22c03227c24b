import type { EditorNode } from '../dialog/node-editor.js';

/**
 * The id of the listener that a new `ws.in+` or `ws.out+` can only mean: the one that its flow may use. Undefined where
 * there are several, where there is a client as well, and where the node names one already.
 */
export function onlyListener(node: EditorNode): string | undefined {
  if (node.server || node.client) return undefined;
  const usable: EditorNode[] = [];
  RED.nodes.eachConfig((config) => {
    if (config.d === true || (config.z && config.z !== node.z)) return;
    if (config.type === 'websocket-plus-listener' || config.type === 'websocket-plus-client')
      usable.push(config);
  });
  const [only] = usable;
  return usable.length === 1 && only?.type === 'websocket-plus-listener' ? only.id : undefined;
}
