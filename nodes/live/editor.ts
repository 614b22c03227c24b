import { textKey } from '../catalog.js';
import { text } from '../dialog/text-editor.js';
import { Panel } from './panel-editor.js';

const TAB = 'websocket-plus-connections';

const ACTION = 'websocket-plus:show-connections';

/** What there is to see comes from these. */
const TYPES: readonly string[] = ['websocket-plus-listener', 'websocket-plus-client'];

let panel: Panel | undefined;
let isChecking = false;

// Installed anew without a reload, the editor still has the action, and would refuse a second one.
RED.actions.remove(ACTION);
RED.actions.add(ACTION, () => showConnections(), { label: textKey('live.action') });
for (const event of ['nodes:add', 'nodes:remove', 'workspace:clear', 'flows:loaded'] as const) {
  RED.events.on(event, checkSoon);
}
checkSoon();

/** Shows the tab, where there is one. @param listener the id of the one to look at; absent: whichever was chosen last */
export function showConnections(listener?: string): void {
  check();
  if (panel === undefined) return;
  if (listener !== undefined) panel.choose(listener);
  RED.sidebar.show(TAB);
}

/** Flows are loaded node by node. */
function checkSoon(): void {
  if (isChecking) return;
  isChecking = true;
  setTimeout(check);
}

/** The tab comes with the first listener or client in the flows, and goes with the last. */
function check(): void {
  isChecking = false;
  let isUsed = false;
  RED.nodes.eachConfig(({ type }) => {
    isUsed ||= TYPES.includes(type);
  });
  if (isUsed && panel === undefined) add();
  else if (!isUsed && panel !== undefined) remove(panel);
}

function add(): void {
  panel = new Panel();
  RED.sidebar.addTab({
    id: TAB,
    label: text('live.label'),
    name: text('live.title'),
    iconClass: 'fa fa-plug',
    content: panel.element,
    toolbar: panel.foot,
    enableOnEdit: true,
    action: ACTION,
  });
}

function remove(old: Panel): void {
  panel = undefined;
  RED.sidebar.removeTab(TAB);
  old.remove();
}
