import type { PageRequest } from '../sessions/pages.js';
import type { Selector, TokenSelector } from '../sessions/selector.js';
import type { Session } from '../sessions/session.js';

/** What a flow may ask of an endpoint itself. */
export type ControlRequest =
  | ({ readonly kind: 'list' } & PageRequest)
  | { readonly kind: 'count'; readonly selector: Selector }
  /** `code` and `reason` are those of the close frame (RFC 6455 §5.5.1). */
  | {
      readonly kind: 'disconnect';
      readonly selector: Selector;
      readonly code: number;
      readonly reason: string;
    }
  | { readonly kind: 'revoke'; readonly tokens: TokenSelector; readonly seconds: number }
  | { readonly kind: 'restore'; readonly tokens: TokenSelector }
  | { readonly kind: 'revocations' }
  | { readonly kind: 'address'; readonly tenantId: string }
  /** Of a client: connects now. `url` and `token` stand for the configured ones until the client is deployed again. */
  | { readonly kind: 'connect'; readonly url?: string; readonly token?: string }
  /** Of a client: closes, and stays closed until `connect`. */
  | { readonly kind: 'close' };

/** The name of an action, as flows write it. */
export type ControlAction = ControlRequest['kind'];

/** How many instances of a cluster had a part in it, this one included; `missing` were silent or out of reach. */
export interface InstanceCounts {
  readonly answered: number;
  readonly missing: number;
}

/** What has come of it. */
export type ControlOutcome =
  /** The message's new payload; with a cluster, how many instances it is from. */
  | { readonly kind: 'payload'; readonly payload: unknown; readonly instances?: InstanceCounts }
  /** The message's new `_session`. */
  | { readonly kind: 'session'; readonly session: Session };

/** Why an action was not taken. Each is a key of the catalog's `errors`. */
export const CONTROL_ERROR_CODES = [
  /** There is no action of that name. */
  'control-action',
  /** A member of the payload is unknown, or has a value that it cannot have. */
  'control-member',
  /** Nobody is named, which is not taken for everybody. */
  'control-nobody',
  /** It is not known which connection `after` was. */
  'control-after',
  /** This endpoint cannot do that. */
  'control-unsupported',
  /** The listener's only tenant is another one. */
  'control-tenant',
  /** Other instances are asked for too much at a time. */
  'control-busy',
  /** There is no room for one more revocation. */
  'revocations-full',
  /** It cannot be told what is revoked. */
  'revocations-failed',
  /** It is in force, but could not be saved. */
  'control-not-saved',
] as const;

export type ControlErrorCode = (typeof CONTROL_ERROR_CODES)[number];

/** An action that an endpoint did not take; nothing was done, unless the code says otherwise. */
export class ControlError extends Error {
  readonly code: ControlErrorCode;
  /** The member of the message that is wrong: a name out of a fixed list, or one that the message had. */
  readonly member: string | undefined;

  constructor(
    code: ControlErrorCode,
    { member, ...options }: ErrorOptions & { readonly member?: string } = {},
  ) {
    super(code, options);
    this.name = 'ControlError';
    this.code = code;
    this.member = member;
  }
}
