import { textKey } from '../catalog.js';
import type { FlowObject } from '../dialog/red-flows-editor.js';
import { text } from '../dialog/text-editor.js';
import { counterpart } from './counterpart.js';
import { askScopes } from './dialog-editor.js';
import type { FlowEntry } from './flow-entry.js';
import { type Plan, planConversion } from './plan.js';
import { replaceInPlace } from './replace-editor.js';

const ACTION = 'websocket-plus:convert-websocket-nodes';

const READING_TIME_MS = 15_000;

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
  askScopes(plan, (scopes) => {
    const convertOne = (entry: FlowEntry) => counterpart(entry, scopes.get(entry.id) ?? 'session');
    replaceInPlace(plan.configs.map(convertOne), plan.nodes.map(convertOne));
    sayWhatChanged(plan);
    const reselected = [...selected].map((id) => RED.nodes.node(id));
    RED.view.select({ nodes: reselected.filter((node): node is FlowObject => !!node) });
  });
}

function sayWhatChanged({ nodes, configs, proposals }: Plan): void {
  const listeners = proposals.size;
  const counts = { nodes: nodes.length, listeners, clients: configs.length - listeners };
  const texts = [text('convert.done', counts), ...(listeners === 0 ? [] : [text('convert.unchecked')])];
  RED.notify(texts.map((one) => `<p>${one}</p>`).join(''), { type: 'success', timeout: READING_TIME_MS });
}

/** Ids of the selected nodes, of those in selected groups, and of the selected flows. */
function selectedIds(): Set<string> {
  const nodes = RED.view.selection().nodes ?? [];
  const inGroups = nodes
    .filter(({ type }) => type === 'group')
    .flatMap((group) => RED.group.getNodes(group, true));
  return new Set([...RED.workspaces.selection(), ...nodes, ...inGroups].map(({ id }) => id));
}
