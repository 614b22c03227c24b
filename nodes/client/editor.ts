import { CLIENT_SCHEMA } from '../../src/config/client-schema.js';
import { hasVariable } from '../../src/config/embedded-variables.js';
import { isVariable } from '../../src/config/properties.js';
import type { CredentialName, PropertyName } from '../../src/config/schema.js';
import { declare } from '../dialog/declare-editor.js';
import { prepareDialog } from '../dialog/dialog-editor.js';
import { nameOf } from '../dialog/name-editor.js';
import type { Password, Property } from '../dialog/node-editor.js';
import { validator } from '../dialog/validator-editor.js';
import { forgetDialog, type Read } from '../dialog/values-editor.js';
import { checkHeaders } from './checks-editor.js';
import { prepareHeaders, readHeaders } from './headers-editor.js';

const { property, password, needs, conditions } = declare(CLIENT_SCHEMA);

RED.nodes.registerType('websocket-plus-client', {
  category: 'config',
  defaults: {
    name: property('name'),
    path: property('path'),
    tls: { type: 'tls-config', value: '', required: false },
    subprotocol: property('subprotocol'),
    wholemsg: property('wholemsg'),
    authMode: property('authMode', needs('jwt')),
    hb: property('hb'),
    maxPayload: property('maxPayload'),
    headers: { value: [], validate: validator('headers', checkHeaders) },
  } satisfies Record<PropertyName<typeof CLIENT_SCHEMA>, Property>,
  credentials: {
    jwt: password('jwt'),
  } satisfies Record<CredentialName<typeof CLIENT_SCHEMA>, Password>,
  label() {
    return nameOf(this) ?? String(this.path ?? '');
  },
  oneditprepare() {
    const pings = this.hb !== undefined && Number(this.hb) !== 0;
    $('#node-config-input-hb-cb').prop('checked', pings);
    if (!pings) $('#node-config-input-hb').val('');
    prepareHeaders($('#websocket-plus-headers'), this.headers);
    prepareDialog(this, {
      ...conditions,
      tls: usesTls,
      hb: (read) => read('hb-cb') === 'true',
    });
  },
  oneditsave() {
    if (!$('#node-config-input-hb-cb').prop('checked')) $('#node-config-input-hb').val('');
    if (!usesTls((name) => String($(`#node-config-input-${name}`).val())))
      $('#node-config-input-tls').val('_ADD_');
    this.headers = readHeaders($('#websocket-plus-headers'));
    forgetDialog(this);
  },
});

/** A variable may hold a `wss:` URL. */
function usesTls(read: Read): boolean {
  const path = read('path');
  return /^wss:/i.test(path.trim()) || hasVariable(path) || isVariable(path);
}
