import { OUT_SCHEMA } from '../../src/config/out-options.js';
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
import { checkScope, scopeOf } from './scope-editor.js';

const { property } = declare(OUT_SCHEMA);

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
    scope: property('scope', checkScope),
    skipSender: property('skipSender'),
    localOnly: property('localOnly'),
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
    prepareAttached(this, {
      several: (read) => kindOf(read) === 'server' && scopeOf(read) !== 'session',
      clustered: (read) => kindOf(read) === 'server' && isClustered(read('server')),
    });
  },
  oneditsave() {
    saveAttached(this);
  },
});

/** Whether the listener of that id is one of several. */
function isClustered(id: string): boolean {
  const cluster = RED.nodes.node(id)?.cluster;
  return typeof cluster === 'string' && cluster !== '';
}
