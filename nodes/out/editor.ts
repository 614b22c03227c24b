import {
  attachedLabel,
  attachNew,
  prepareAttached,
  saveAttached,
  validateClient,
  validateServer,
} from '../attached/attached-editor.js';
import { text } from '../dialog/text-editor.js';

RED.nodes.registerType('websocket-plus out', {
  category: 'network',
  align: 'right',
  color: 'rgb(215, 215, 160)',
  icon: 'websocket-plus.svg',
  paletteLabel: 'ws.out+',
  defaults: {
    name: { value: '' },
    server: { type: 'websocket-plus-listener', value: '', validate: validateServer },
    client: { type: 'websocket-plus-client', value: '', validate: validateClient },
    localOnly: { value: false },
  },
  inputs: 1,
  outputs: 0,
  inputLabels() {
    return text('port.to-send');
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
