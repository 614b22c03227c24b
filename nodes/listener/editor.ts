import { isPlainHttp } from '../../src/config/jwks-uri.js';
import { fullPath } from '../../src/config/path.js';
import { copyOnClick } from '../dialog/copy-editor.js';
import { prepareDialog } from '../dialog/dialog-editor.js';
import { validator } from '../dialog/validator-editor.js';
import { forgetDialog, type Read } from '../dialog/values-editor.js';
import { prepareTrial } from '../trial/trial-editor.js';
import { socketAddress } from './address-editor.js';
import * as check from './checks-editor.js';
import { prepareSecret } from './secret-editor.js';

RED.nodes.registerType('websocket-plus-listener', {
  category: 'config',
  defaults: {
    path: { value: '', validate: validator('path', check.checkPath) },
    wholemsg: { value: 'false' },
    jwtValidation: { value: 'hs256', validate: validator('jwtValidation', check.checkValidation) },
    jwksUri: { value: '', validate: validator('jwksUri', check.checkJwksUri) },
    jwtIssuer: { value: '' },
    jwtAudience: { value: '' },
    tenantFrom: { value: 'claim', validate: validator('tenantFrom', check.checkTenantFrom) },
    tenantClaim: { value: 'tenant_id', validate: validator('tenantClaim', check.checkTenantClaim) },
    tenantId: { value: '', validate: validator('tenantId', check.checkTenantId) },
    routingScope: { value: 'tenant', validate: validator('routingScope', check.checkScope) },
    timeout: { value: '', validate: validator('timeout', check.checkTimeout) },
    authExpiry: { value: 'disconnect', validate: validator('authExpiry', check.checkExpiry) },
    rateLimit: { value: '', validate: validator('rateLimit', check.checkRateLimit) },
    maxConnections: { value: '', validate: validator('maxConnections', check.checkMaxConnections) },
    enforceLimits: { value: true },
    maxPayload: { value: '1048576', validate: validator('maxPayload', check.checkMaxPayload) },
  },
  credentials: {
    jwtSecret: { type: 'password', validate: validator('jwtSecret', check.checkSecret) },
  },
  label() {
    return fullPath(RED.settings.httpNodeRoot || '/', String(this.path ?? ''));
  },
  oneditprepare() {
    const address = $('#websocket-plus-address');
    const copy = $('#websocket-plus-copy-address');
    let copied = '';
    prepareSecret();
    prepareDialog(
      this,
      {
        hs256: (read) => check.may(read, 'jwtValidation', 'hs256'),
        jwks: (read) => check.may(read, 'jwtValidation', 'jwks'),
        verified: takesToken,
        none: (read) => !takesToken(read),
        'plain-http': (read) => check.may(read, 'jwtValidation', 'jwks') && isPlainHttp(read('jwksUri')),
        claim: check.readsTenantClaim,
        'no-claim': (read) => check.may(read, 'tenantFrom', 'claim') && !check.readsTenantClaim(read),
        static: (read) => check.may(read, 'tenantFrom', 'static'),
        tenant: (read) => read('routingScope') === 'tenant',
        session: (read) => read('routingScope') === 'session',
        global: (read) => read('routingScope') === 'global',
        allow: (read) => takesToken(read) && read('authExpiry') === 'allow',
        unenforced: (read) => read('enforceLimits') !== 'true' && setsLimit(read),
      },
      (read) => {
        copied = socketAddress(read('path'), takesToken(read));
        address.text(copied.endsWith('?token=') ? `${copied}…` : copied || '–');
        copy.prop('disabled', copied === '');
      },
    );
    copyOnClick(copy, () => copied);
    prepareTrial(this);
  },
  oneditsave() {
    forgetDialog(this);
  },
});

function takesToken(read: Read): boolean {
  return read('jwtValidation') !== 'none';
}

function setsLimit(read: Read): boolean {
  return ['rateLimit', 'maxConnections'].some((name) => read(name).trim() !== '');
}
