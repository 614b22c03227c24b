import type { KeysFetched, TokenWish, Trial } from '../../src/trial/trial.js';

/** What a dialog sends of itself, or the editor of a node that nobody is editing. */
export interface DialogValues {
  /** The config node's id; it need not be deployed. */
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A listener, beside a token to try or a wish for one. */
export interface ListenerDialog extends DialogValues {
  /** Absent where the field still stands for what the runtime knows. */
  readonly jwtSecret?: string;
  /** Those that it names, as far as the editor knows them; absent: none. */
  readonly issuers?: readonly IssuerDialog[];
}

export interface IssuerDialog extends DialogValues {
  /** Those that were typed since the last deploy. */
  readonly credentials: Readonly<Record<string, string>>;
}

export type TrialRequest = ListenerDialog & {
  readonly token: string;
  /** Of the page that would connect; `none`: no browser; empty or absent: nobody has said. */
  readonly origin?: string;
};

export type WishRequest = ListenerDialog & TokenWish;

/** An issuer's own trial: the claim that its listeners take the tenant from; empty: nobody has said. */
export type IssuerTrialRequest = IssuerDialog & { readonly token: string; readonly tenantClaim: string };

export type IssuerWishRequest = IssuerDialog & TokenWish & { readonly tenantClaim: string };

export type FetchRequest = IssuerDialog;

/** What the runtime answers about a token. */
export type TrialAnswer = Trial;

/** A test token, and where a listener made it the target of a request that presents it. */
export interface MadeToken {
  readonly token: string;
  readonly target?: string;
}

/** What has come of fetching keys. */
export type FetchAnswer = KeysFetched;

/** What may go wrong beside a mistake in the configuration or the wish. Keys of the catalog's `errors`. */
export const TRIAL_ERRORS = [
  'bad-request',
  'trial-failed',
  'trial-forbidden',
  'trial-unreachable',
  'trial-busy',
  'issuer-undeployed',
  'keys-nowhere',
] as const;

export type TrialErrorCode = (typeof TRIAL_ERRORS)[number];
