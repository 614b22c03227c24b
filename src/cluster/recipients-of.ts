import type { Recipients } from '../routing/recipients.js';
import type { Envelope } from './envelope.js';
import type { TopicNames } from './names.js';
import type { Place } from './place.js';

/**
 * For whom a message of another member is; undefined: for nobody. The sender is a member, but this listener's own
 * configuration decides, and the topic has to be what that makes of it.
 */
export function recipientsOf(
  topic: string,
  { kind, head: { id, tenantId } }: Pick<Envelope, 'kind' | 'head'>,
  { path, scope, onlyTenant }: Pick<Place, 'path' | 'scope' | 'onlyTenant'>,
  { names, instance }: { readonly names: TopicNames; readonly instance: string },
): Recipients | undefined {
  if (kind === 'session') {
    return topic === names.toInstance(instance) && typeof id === 'string' ? { kind, id } : undefined;
  }
  if (kind === 'everybody') {
    return scope === 'global' && topic === names.toEverybody(path) ? { kind: 'global' } : undefined;
  }
  if (kind !== 'tenant' || (typeof tenantId !== 'string' && tenantId !== null)) return undefined;
  if (onlyTenant !== undefined && tenantId !== onlyTenant) return undefined;
  const expected = scope === 'global' ? names.toEverybody(path) : names.toTenant(path, tenantId);
  if (scope === 'session' || topic !== expected) return undefined;
  if (tenantId !== null) return { kind, tenantId };
  return onlyTenant === null ? { kind: 'anonymous' } : undefined;
}
