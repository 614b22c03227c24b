import { ISSUER_SCHEMA } from '../../src/config/issuer-schema.js';
import { isPlainHttp } from '../../src/config/jwks-uri.js';
import { isDiscoveryUrl } from '../../src/config/mistaken-setting.js';
import { type CredentialName, mayApply, type PropertyName } from '../../src/config/schema.js';
import { declare } from '../dialog/declare-editor.js';
import { prepareDialog } from '../dialog/dialog-editor.js';
import { nameOf } from '../dialog/name-editor.js';
import type { Password, Property } from '../dialog/node-editor.js';
import { secretHints } from '../dialog/secret-hints-editor.js';
import { text } from '../dialog/text-editor.js';
import { validator } from '../dialog/validator-editor.js';
import { forgetDialog, type Read } from '../dialog/values-editor.js';
import { checkClaims, checkPrevious } from './checks-editor.js';
import { prepareClaims, readClaims } from './claims-editor.js';
import { useDiscovery } from './discovery-editor.js';
import { prepareIssuerTrial } from './trial-editor.js';

const { property, password, needs, conditions } = declare(ISSUER_SCHEMA);

RED.nodes.registerType('websocket-plus-issuer', {
  category: 'config',
  defaults: {
    name: property('name'),
    issuer: property('issuer'),
    keysFrom: property('keysFrom', needs('secret')),
    discoveryUrl: property('discoveryUrl'),
    jwksUri: property('jwksUri'),
    tls: { type: 'tls-config', value: '', required: false },
    publicKey: property('publicKey'),
    secretEncoding: property('secretEncoding'),
    previousUntil: property('previousUntil', checkPrevious),
    keysFunction: property('keysFunction'),
    algorithms: property('algorithms'),
    audience: property('audience'),
    claims: { value: [], validate: validator('claims', checkClaims) },
    requireExpiry: property('requireExpiry'),
    maxLifetime: property('maxLifetime'),
    clockTolerance: property('clockTolerance'),
    tokenType: property('tokenType'),
    tenants: property('tenants'),
  } satisfies Record<PropertyName<typeof ISSUER_SCHEMA>, Property>,
  credentials: {
    keysAuthorization: password('keysAuthorization'),
    secret: password('secret'),
    previousSecret: password('previousSecret'),
  } satisfies Record<CredentialName<typeof ISSUER_SCHEMA>, Password>,
  label() {
    return nameOf(this) ?? (String(this.issuer ?? '').trim() || text('label.issuer'));
  },
  oneditprepare() {
    prepareClaims($('#websocket-plus-claims'), this.claims);
    prepareDialog(this, {
      ...conditions,
      ...secretHints('secret', 'secretEncoding'),
      'plain-http': (read) => isPlainHttp(keysAddress(read)),
      'not-required': (read) => read('requireExpiry') !== 'true',
      'jwks-discovery': (read) => mayApply(ISSUER_SCHEMA.jwksUri, read) && isDiscoveryUrl(read('jwksUri')),
      'issuer-discovery': (read) => isDiscoveryUrl(read('issuer')),
      fetches: (read) => mayApply(ISSUER_SCHEMA.keysAuthorization, read),
    });
    $('#websocket-plus-use-discovery').on('click', useDiscovery);
    prepareIssuerTrial(this);
  },
  oneditsave() {
    this.claims = readClaims($('#websocket-plus-claims'));
    forgetDialog(this);
  },
});

/** Where keys are asked for first; empty where nothing is fetched. */
function keysAddress(read: Read): string {
  if (mayApply(ISSUER_SCHEMA.jwksUri, read)) return read('jwksUri');
  if (!mayApply(ISSUER_SCHEMA.discoveryUrl, read)) return '';
  return read('discoveryUrl').trim() || read('issuer');
}
