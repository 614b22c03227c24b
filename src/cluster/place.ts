import type { RoutingScope } from '../config/listener-schema.js';
import type { Recipients } from '../routing/recipients.js';
import { type ClusterKeys, mac } from './keys.js';

/** What a cluster has to know of a listener, and may ask of it. */
export interface Place {
  /** As it stands in a request line: listeners of one path belong together. */
  readonly path: string;
  readonly scope: RoutingScope;
  /** The tenant of every peer where there can be only one: static, or null where all are anonymous. */
  readonly onlyTenant: string | null | undefined;
  /** The claim that names a peer's tenant, where there is one. */
  readonly tenantClaim: string | undefined;
  /** Hands a message of another instance to those peers here. */
  deliver(
    recipients: Recipients,
    message: { readonly payload: Buffer; readonly isBinary: boolean; readonly exceptId: string | undefined },
  ): void;
  /** Whether so much waits to be sent that no more should be read. */
  isBusy(): boolean;
  /** How many peers there are. */
  connections(): number;
}

const DIGEST_BYTES = 8;

/** Members that differ in it mean something else by tenants, or by sending: they do not take each other's messages. */
export function digestOf({ topics }: ClusterKeys, { scope, onlyTenant, tenantClaim }: Place): string {
  const tenant = onlyTenant === undefined ? { claim: tenantClaim } : { only: onlyTenant };
  const facts = JSON.stringify(['listener', scope, tenant]);
  return mac(topics, facts, DIGEST_BYTES).toString('base64url');
}
