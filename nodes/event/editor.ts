import { EVENT_SCHEMA } from '../../src/config/event-options.js';
import {
  attachedLabel,
  attachNew,
  prepareAttached,
  saveAttached,
  validateClient,
  validateServer,
} from '../attached/attached-editor.js';
import { declare } from '../dialog/declare-editor.js';
import { text } from '../dialog/text-editor.js';

const { property } = declare(EVENT_SCHEMA);

RED.nodes.registerType('websocket-plus event', {
  category: 'network',
  color: 'rgb(215, 215, 160)',
  icon: 'websocket-plus.svg',
  paletteLabel: 'ws.event+',
  defaults: {
    name: { value: '' },
    server: { type: 'websocket-plus-listener', value: '', validate: validateServer },
    client: { type: 'websocket-plus-client', value: '', validate: validateClient },
    events: property('events'),
  },
  inputs: 0,
  outputs: 1,
  outputLabels() {
    return text('port.events');
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
