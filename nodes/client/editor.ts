import { CLIENT_SCHEMA } from '../../src/config/client-schema.js';
import { hasVariable } from '../../src/config/embedded-variables.js';
import { isReadable } from '../../src/config/peer-url.js';
import { isVariable } from '../../src/config/properties.js';
import type { CredentialName, PropertyName } from '../../src/config/schema.js';
import { declare } from '../dialog/declare-editor.js';
import { prepareDialog } from '../dialog/dialog-editor.js';
import { nameOf } from '../dialog/name-editor.js';
import type { Password, Property } from '../dialog/node-editor.js';
import { text } from '../dialog/text-editor.js';
import { validator } from '../dialog/validator-editor.js';
import { forgetDialog, type Read } from '../dialog/values-editor.js';
import { checkAuthorization, checkHeaders, checkUrl } from './checks-editor.js';
import { prepareHeaders, readHeaders } from './headers-editor.js';
import { TOKEN_HINTS } from './token-hints-editor.js';

const { property, password, needs, conditions } = declare(CLIENT_SCHEMA);

RED.nodes.registerType('websocket-plus-client', {
  category: 'config',
  defaults: {
    name: property('name'),
    path: { ...property('path'), validate: validator('path', checkUrl) },
    tls: { type: 'tls-config', value: '', required: false },
    subprotocol: property('subprotocol'),
    wholemsg: property('wholemsg'),
    authMode: property('authMode', needs('jwt'), needs('clientId'), needs('clientSecret')),
    tokenType: property('tokenType'),
    tokenValue: property('tokenValue'),
    tokenUrl: property('tokenUrl'),
    clientAuth: property('clientAuth'),
    scope: property('scope'),
    audience: property('audience'),
    tokenPlacement: property('tokenPlacement', checkAuthorization),
    renew: property('renew'),
    queue: property('queue'),
    queueSeconds: property('queueSeconds'),
    hb: property('hb'),
    reconnect: property('reconnect'),
    maxBackoff: property('maxBackoff'),
    handshakeTimeout: property('handshakeTimeout'),
    headers: { value: [], validate: validator('headers', checkHeaders, checkAuthorization) },
    maxPayload: property('maxPayload'),
  } satisfies Record<PropertyName<typeof CLIENT_SCHEMA>, Property>,
  credentials: {
    jwt: password('jwt'),
    clientId: { ...password('clientId'), type: 'text' },
    clientSecret: password('clientSecret'),
  } satisfies Record<CredentialName<typeof CLIENT_SCHEMA>, Password>,
  label() {
    return nameOf(this) ?? String(this.path ?? '');
  },
  oneditprepare() {
    const pings = this.hb !== undefined && Number(this.hb) !== 0;
    $('#node-config-input-hb-cb').prop('checked', pings);
    if (!pings) $('#node-config-input-hb').val('');
    prepareHeaders($('#websocket-plus-headers'), this.headers);
    prepareTokenValue();
    prepareDialog(this, {
      ...conditions,
      ...TOKEN_HINTS,
      tls: usesTls,
      hb: (read) => read('hb-cb') === 'true',
      maxBackoff: (read) => read('reconnect') !== 'false',
      'in-clear': (read) => isInUrl(read) && /^\s*ws:/i.test(read('path')) && isReadable(read('path').trim()),
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

function prepareTokenValue(): void {
  const field = $('#node-config-input-tokenValue');
  field.typedInput({ types: ['env', 'global'], typeField: '#node-config-input-tokenType' });
  const shown = field.parent().find('.red-ui-typedInput-input');
  shown.attr('aria-label', text('label.tokenValue'));
}

function isInUrl(read: Read): boolean {
  return read('authMode') !== 'none' && read('tokenPlacement') === 'query';
}

/** A variable may hold a `wss:` URL; a token endpoint is nearly always an `https:` one. */
function usesTls(read: Read): boolean {
  const path = read('path');
  if (read('authMode') === 'oauth2') return true;
  return /^wss:/i.test(path.trim()) || hasVariable(path) || isVariable(path);
}
