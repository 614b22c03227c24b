import { prepareDialog } from '../dialog/dialog-editor.js';
import { validator } from '../dialog/validator-editor.js';
import { forgetDialog, isVariable, type Read } from '../dialog/values-editor.js';
import { checkAuthMode, checkHeaders, checkHeartbeat, checkToken, checkUrl } from './checks-editor.js';
import { prepareHeaders, readHeaders } from './headers-editor.js';

RED.nodes.registerType('websocket-plus-client', {
  category: 'config',
  defaults: {
    path: { value: '', validate: validator('path', checkUrl) },
    tls: { type: 'tls-config', value: '', required: false },
    subprotocol: { value: '' },
    wholemsg: { value: 'false' },
    authMode: { value: 'jwt', validate: validator('authMode', checkAuthMode) },
    hb: { value: '', validate: validator('hb', checkHeartbeat) },
    headers: { value: [], validate: validator('headers', checkHeaders) },
  },
  credentials: {
    jwt: { type: 'password', validate: validator('jwt', checkToken) },
  },
  label() {
    return String(this.path ?? '');
  },
  oneditprepare() {
    const pings = this.hb !== undefined && Number(this.hb) !== 0;
    $('#node-config-input-hb-cb').prop('checked', pings);
    if (!pings) $('#node-config-input-hb').val('');
    prepareHeaders($('#websocket-plus-headers'), this.headers);
    prepareDialog(this, {
      tls: usesTls,
      jwt: (read) => read('authMode') !== 'none',
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
  return /^wss:/i.test(read('path').trim()) || isVariable(read('path'));
}
