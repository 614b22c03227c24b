import { CLUSTER_SCHEMA } from '../../src/config/cluster-schema.js';
import type { CredentialName, PropertyName } from '../../src/config/schema.js';
import { declare } from '../dialog/declare-editor.js';
import { prepareDialog } from '../dialog/dialog-editor.js';
import { nameOf } from '../dialog/name-editor.js';
import type { Password, Property } from '../dialog/node-editor.js';
import { prepareSecret } from '../dialog/secret-editor.js';
import { text } from '../dialog/text-editor.js';
import { forgetDialog } from '../dialog/values-editor.js';
import { showClusterState } from '../live/cluster-state-editor.js';

const { property, password, needs, conditions } = declare(CLUSTER_SCHEMA);

RED.nodes.registerType('websocket-plus-cluster', {
  category: 'config',
  defaults: {
    name: property('name'),
    broker: { ...property('broker', needs('secret')), type: 'mqtt-broker' },
    prefix: property('prefix'),
  } satisfies Record<PropertyName<typeof CLUSTER_SCHEMA>, Property>,
  credentials: {
    secret: password('secret'),
  } satisfies Record<CredentialName<typeof CLUSTER_SCHEMA>, Password>,
  label() {
    return nameOf(this) ?? text('label.cluster');
  },
  oneditprepare() {
    prepareSecret({
      field: '#node-config-input-secret',
      generate: '#websocket-plus-cluster-generate',
      shown: '#websocket-plus-cluster-new-secret',
      copy: '#websocket-plus-cluster-copy-secret',
    });
    prepareDialog(this, conditions);
    void showClusterState(this);
  },
  oneditsave() {
    forgetDialog(this);
  },
});
