import { isPlainHttp } from '../../src/config/jwks-uri.js';
import { LISTENER_SCHEMA } from '../../src/config/listener-schema.js';
import { isDiscoveryUrl } from '../../src/config/mistaken-setting.js';
import { fullPath } from '../../src/config/path.js';
import { type CredentialName, mayApply, type PropertyName } from '../../src/config/schema.js';
import { namesSource } from '../../src/config/token-sources.js';
import { copyOnClick } from '../dialog/copy-editor.js';
import { declare } from '../dialog/declare-editor.js';
import { prepareDialog } from '../dialog/dialog-editor.js';
import { nameOf } from '../dialog/name-editor.js';
import type { Password, Property } from '../dialog/node-editor.js';
import { prepareSecret } from '../dialog/secret-editor.js';
import { secretHints } from '../dialog/secret-hints-editor.js';
import { forgetDialog, type Read, readerOf } from '../dialog/values-editor.js';
import { showLine } from '../live/line-editor.js';
import { showWantedTab } from '../live/try-editor.js';
import { ask, listenerDialogOf } from '../trial/request-editor.js';
import { prepareTrial } from '../trial/trial-editor.js';
import { socketAddress } from './address-editor.js';
import { checkIssuers, checkRivals, may } from './checks-editor.js';
import { issuersOf } from './issuers-editor.js';

const { property, password, needs, conditions } = declare(LISTENER_SCHEMA);

/** A list of config nodes, of which none need be chosen. */
const ISSUER = { type: 'websocket-plus-issuer', required: false };

RED.nodes.registerType('websocket-plus-listener', {
  category: 'config',
  defaults: {
    name: property('name'),
    path: property('path', checkRivals),
    wholemsg: property('wholemsg'),
    jwtValidation: property('jwtValidation', needs('jwtSecret')),
    jwtSecretEncoding: property('jwtSecretEncoding'),
    jwksUri: property('jwksUri'),
    jwtIssuer: property('jwtIssuer'),
    jwtAudience: property('jwtAudience'),
    clockTolerance: property('clockTolerance'),
    issuer: { ...property('issuer', checkIssuers), ...ISSUER },
    issuer2: { ...property('issuer2'), ...ISSUER },
    issuer3: { ...property('issuer3'), ...ISSUER },
    issuer4: { ...property('issuer4'), ...ISSUER },
    verifyFunction: property('verifyFunction'),
    tokenSources: property('tokenSources'),
    tokenHeader: property('tokenHeader'),
    tokenCookie: property('tokenCookie'),
    origins: property('origins'),
    refusal: property('refusal'),
    tenantFrom: property('tenantFrom'),
    tenantClaim: property('tenantClaim'),
    tenantId: property('tenantId'),
    sessionClaims: property('sessionClaims'),
    routingScope: property('routingScope'),
    timeout: property('timeout'),
    authExpiry: property('authExpiry'),
    rateLimit: property('rateLimit'),
    maxConnections: property('maxConnections'),
    maxConnectionsPerSubject: property('maxConnectionsPerSubject'),
    whenFull: property('whenFull'),
    enforceLimits: property('enforceLimits'),
    maxPayload: property('maxPayload'),
    cluster: { ...property('cluster'), type: 'websocket-plus-cluster', required: false },
  } satisfies Record<PropertyName<typeof LISTENER_SCHEMA>, Property>,
  credentials: {
    jwtSecret: password('jwtSecret'),
  } satisfies Record<CredentialName<typeof LISTENER_SCHEMA>, Password>,
  label() {
    return nameOf(this) ?? fullPath(RED.settings.httpNodeRoot || '/', String(this.path ?? ''));
  },
  oneditprepare() {
    const address = $('#websocket-plus-address');
    const copy = $('#websocket-plus-copy-address');
    let copied = '';
    prepareSecret({
      field: '#node-config-input-jwtSecret',
      encoding: '#node-config-input-jwtSecretEncoding',
      generate: '#websocket-plus-generate',
      shown: '#websocket-plus-new-secret',
      copy: '#websocket-plus-copy-secret',
    });
    prepareDialog(
      this,
      {
        ...conditions,
        verified: takesToken,
        ...secretHints('jwtSecret', 'jwtSecretEncoding'),
        'jwks-discovery': (read) =>
          mayApply(LISTENER_SCHEMA.jwksUri, read) && isDiscoveryUrl(read('jwksUri')),
        tries: (read) => !asksFunction(read) && (takesToken(read) || hasOrigins(read)),
        'tries-nothing': (read) => !takesToken(read) && !hasOrigins(read),
        'tries-origin': hasOrigins,
        makes: (read) => may(read, 'jwtValidation', 'hs256') || hasSecretIssuer(read),
        'makes-own': (read) => may(read, 'jwtValidation', 'hs256'),
        'makes-issued': hasSecretIssuer,
        function: asksFunction,
        none: (read) => !takesToken(read),
        'plain-http': (read) => mayApply(LISTENER_SCHEMA.jwksUri, read) && isPlainHttp(read('jwksUri')),
        'no-claim': (read) => !takesToken(read) && may(read, 'tenantFrom', 'claim'),
        'function-tenant': (read) => read('jwtValidation') === 'function' && may(read, 'tenantFrom', 'claim'),
        tenant: (read) => read('routingScope') === 'tenant',
        session: (read) => read('routingScope') === 'session',
        global: (read) => read('routingScope') === 'global',
        allow: (read) => takesToken(read) && read('authExpiry') === 'allow',
        unenforced: (read) => read('enforceLimits') !== 'true' && setsLimit(read),
      },
      (read) => {
        copied = socketAddress(read('path'), readsQuery(read));
        address.text(copied.endsWith('?token=') ? `${copied}…` : copied || '–');
        copy.prop('disabled', copied === '');
      },
    );
    copyOnClick(copy, () => copied);
    $('#websocket-plus-use-discovery').on('click', () => {
      $('#node-config-input-jwtValidation').val('issuers').trigger('change').trigger('focus');
    });
    const read = readerOf(this);
    prepareTrial({
      tryToken: (token) =>
        ask('try-token', { ...listenerDialogOf(this, read), token, origin: triedOrigin() }),
      makeToken: (wish) => ask('make-token', { ...listenerDialogOf(this, read), ...wish }),
    });
    showWantedTab(this);
    void showLine(this);
  },
  oneditsave() {
    forgetDialog(this);
  },
});

function takesToken(read: Read): boolean {
  return read('jwtValidation') !== 'none';
}

function asksFunction(read: Read): boolean {
  return read('jwtValidation') === 'function';
}

function hasOrigins(read: Read): boolean {
  return read('origins').trim() !== '';
}

function hasSecretIssuer(read: Read): boolean {
  return issuersOf(read).some(({ keysFrom }) => keysFrom === 'secret');
}

function triedOrigin(): string {
  return String($('#websocket-plus-trial-origin').val() ?? '');
}

function readsQuery(read: Read): boolean {
  return takesToken(read) && namesSource(read('tokenSources'), 'query');
}

function setsLimit(read: Read): boolean {
  return ['rateLimit', 'maxConnections', 'maxConnectionsPerSubject'].some((name) => read(name).trim() !== '');
}
