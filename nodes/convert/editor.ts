import { textKey } from '../catalog.js';
import type { FlowObject } from '../dialog/red-flows-editor.js';
import { text } from '../dialog/text-editor.js';
import { counterpart } from './counterpart.js';
import { askScope } from './dialog-editor.js';
import { planConversion } from './plan.js';
import { replaceInPlace } from './replace-editor.js';

const ACTION = 'websocket-plus:convert-websocket-nodes';

// Installed anew without a reload, the editor still has the action, and would refuse a second one.
RED.actions.remove(ACTION);
RED.actions.add(ACTION, convert, { label: textKey('convert.title') });

function convert(): void {
  const flow = RED.nodes.createCompleteNodeSet({ credentials: false });
  const selected = selectedIds();
  const plan = planConversion(flow, selected);
  if (plan.configs.length + plan.nodes.length === 0) {
    RED.notify(text(plan.locked + plan.shared === 0 ? 'convert.none' : 'convert.none-free'), {
      type: 'warning',
    });
    return;
  }
  askScope(plan, (scope) => {
    replaceInPlace(
      plan.configs.map((entry) => counterpart(entry, scope)),
      plan.nodes.map((entry) => counterpart(entry, scope)),
    );
    const reselected = [...selected].map((id) => RED.nodes.node(id));
    RED.view.select({ nodes: reselected.filter((node): node is FlowObject => !!node) });
  });
}

/** Ids of the selected nodes, of those in selected groups, and of the selected flows. */
function selectedIds(): Set<string> {
  const nodes = RED.view.selection().nodes ?? [];
  const inGroups = nodes
    .filter(({ type }) => type === 'group')
    .flatMap((group) => RED.group.getNodes(group, true));
  return new Set([...RED.workspaces.selection(), ...nodes, ...inGroups].map(({ id }) => id));
}
