import type { EditorNode } from '../dialog/node-editor.js';
import { prepareFetch } from '../trial/fetch-editor.js';
import { issuerDialogOf } from '../trial/issuer-request-editor.js';
import { ask } from '../trial/request-editor.js';
import { prepareTrial } from '../trial/trial-editor.js';
import { readClaims } from './claims-editor.js';

/** Lets the issuer's dialog try tokens, make them where there is a secret, and fetch keys. */
export function prepareIssuerTrial(node: EditorNode): void {
  const claim = $('#websocket-plus-trial-claim').val(usualTenantClaim(node.id));
  const issuer = () => issuerDialogOf(node, readClaims($('#websocket-plus-claims')));
  const tenantClaim = () => String(claim.val());
  prepareTrial({
    tryToken: (token) => ask('try-issuer', { ...issuer(), token, tenantClaim: tenantClaim() }),
    makeToken: (wish) => ask('make-issuer-token', { ...issuer(), ...wish, tenantClaim: tenantClaim() }),
  });
  prepareFetch(() => ask('fetch-keys', issuer()));
}

/** Where a listener that names this issuer takes the tenant from; empty where none says. */
function usualTenantClaim(id: string): string {
  let found = '';
  RED.nodes.eachConfig((node) => {
    if (node.type !== 'websocket-plus-listener' || node.tenantFrom === 'static') return;
    const isNamed = ['issuer', 'issuer2', 'issuer3', 'issuer4'].some((name) => node[name] === id);
    if (isNamed && found === '') found = String(node.tenantClaim ?? 'tenant_id');
  });
  return found;
}
