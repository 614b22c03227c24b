import type { RoutingScope } from '../config/listener-schema.js';
import type { Recipients } from '../routing/recipients.js';
import type { RevocationEntry } from '../sessions/revocation.js';
import type { EntryObserver } from '../sessions/revocation-set.js';
import { type ClusterKeys, mac } from './keys.js';

/** Revocations that all instances are to have. */
export interface SharedRevocations {
  /** Whether it is known what is revoked here. */
  readonly areKnown: boolean;
  /** All that is remembered; what was taken back comes first. */
  entries(): readonly RevocationEntry[];
  /** Tells of each entry that comes or goes from now on. */
  observe(observer: EntryObserver): void;
  /** Takes what another instance has, as far as it is usable. */
  learn(entries: readonly unknown[]): void;
}

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
  /**
   * Does what another instance asks, as far as this listener's configuration lets it.
   * @returns what has come of it, in rows that JSON can hold; undefined where it is not understood. May reject.
   */
  answer(question: unknown): readonly unknown[] | Promise<readonly unknown[]> | undefined;
  /** Undefined where nobody is asked for a token. */
  readonly revocations: SharedRevocations | undefined;
}

const DIGEST_BYTES = 8;

/** Members that differ in it mean something else by tenants, or by sending: they do not take each other's messages. */
export function digestOf(
  { topics }: ClusterKeys,
  { scope, onlyTenant, tenantClaim }: Pick<Place, 'scope' | 'onlyTenant' | 'tenantClaim'>,
): string {
  const tenant = onlyTenant === undefined ? { claim: tenantClaim } : { only: onlyTenant };
  const facts = JSON.stringify(['listener', scope, tenant]);
  return mac(topics, facts, DIGEST_BYTES).toString('base64url');
}
