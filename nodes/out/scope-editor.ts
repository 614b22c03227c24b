import type { RoutingScope } from '../../src/config/listener-schema.js';
import { isWider } from '../../src/config/out-options.js';
import { kindOf } from '../attached/attached-editor.js';
import type { PropertyCheck } from '../dialog/validator-editor.js';
import type { Read } from '../dialog/values-editor.js';

/** A node may not reach more than its listener. */
export const checkScope: PropertyCheck = (read) => {
  const scope = read('scope');
  if (kindOf(read) !== 'server' || scope === '') return undefined;
  const listeners = listenerScope(read);
  return isScope(scope) && isScope(listeners) && isWider(scope, listeners) ? 'scope-wider' : undefined;
};

/** Who a node reaches; empty while its listener is not known. */
export function scopeOf(read: Read): string {
  return read('scope') || listenerScope(read);
}

function listenerScope(read: Read): string {
  const listener = RED.nodes.node(read('server'));
  return listener ? String(listener.routingScope ?? 'tenant') : '';
}

function isScope(scope: string): scope is RoutingScope {
  return scope === 'session' || scope === 'tenant' || scope === 'global';
}
