import {
  attachedLabel,
  attachNew,
  prepareAttached,
  saveAttached,
  validateClient,
  validateServer,
} from '../attached/attached-editor.js';
import { text } from '../dialog/text-editor.js';

RED.nodes.registerType('websocket-plus in', {
  category: 'network',
  color: 'rgb(215, 215, 160)',
  icon: 'websocket-plus.svg',
  paletteLabel: 'ws.in+',
  defaults: {
    name: { value: '' },
    server: { type: 'websocket-plus-listener', value: '', validate: validateServer },
    client: { type: 'websocket-plus-client', value: '', validate: validateClient },
  },
  inputs: 0,
  outputs: 1,
  outputLabels() {
    return text('port.received');
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
