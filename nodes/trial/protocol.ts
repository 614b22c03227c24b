import type { TokenWish } from '../../src/trial/make-token.js';
import type { Trial } from '../../src/trial/trial.js';

/** What a listener's dialog sends of itself, beside a token to try or a wish for one. */
export interface DialogValues {
  /** The config node's id; it need not be deployed. */
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Absent where the field still stands for what the runtime knows. */
  readonly jwtSecret?: string;
}

export type TrialRequest = DialogValues & { readonly token: string };

export type WishRequest = DialogValues & TokenWish;

/** What the runtime answers about a token. */
export interface TrialAnswer extends Trial {
  /** Whether settings.js has a check of its own, which was not asked. */
  readonly asksHook: boolean;
}

/** A test token, and the target of a request that presents it. */
export interface MadeToken {
  readonly token: string;
  readonly target: string;
}

/** What may go wrong beside a mistake in the configuration or the wish. Keys of the catalog's `errors`. */
export const TRIAL_ERRORS = ['bad-request', 'trial-failed', 'trial-forbidden', 'trial-unreachable'] as const;

export type TrialErrorCode = (typeof TRIAL_ERRORS)[number];
