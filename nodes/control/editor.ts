import {
  ANY_ACTION,
  CLIENT_ACTIONS,
  CONTROL_SCHEMA,
  LISTENER_ACTIONS,
} from '../../src/config/control-options.js';
import {
  attachedLabel,
  attachNew,
  kindOf,
  prepareAttached,
  saveAttached,
  validateClient,
  validateServer,
} from '../attached/attached-editor.js';
import { declare } from '../dialog/declare-editor.js';
import { text } from '../dialog/text-editor.js';
import type { PropertyCheck } from '../dialog/validator-editor.js';

const { property } = declare(CONTROL_SCHEMA);

/** A listener and a client can do different things. */
const checkAction: PropertyCheck = (read) => {
  const actions: readonly string[] = kindOf(read) === 'server' ? LISTENER_ACTIONS : CLIENT_ACTIONS;
  return [...actions, ANY_ACTION].includes(read('action')) ? undefined : 'action-unknown';
};

RED.nodes.registerType('websocket-plus control', {
  category: 'network',
  color: 'rgb(215, 215, 160)',
  icon: 'websocket-plus.svg',
  paletteLabel: 'ws.control+',
  defaults: {
    name: { value: '' },
    server: { type: 'websocket-plus-listener', value: '', validate: validateServer },
    client: { type: 'websocket-plus-client', value: '', validate: validateClient },
    action: property('action', checkAction),
  },
  inputs: 1,
  outputs: 1,
  inputLabels() {
    return text('port.actions');
  },
  outputLabels() {
    return text('port.results');
  },
  label() {
    return attachedLabel(this);
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  onadd() {
    attachNew(this);
  },
  oneditprepare() {
    prepareAttached(this);
  },
  oneditsave() {
    saveAttached(this);
  },
});
