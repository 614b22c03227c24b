import type { IncomingMessage } from 'node:http';
import type { TokenPlaces } from '../config/token-sources.js';
import type { Identify } from '../token/identify.js';
import type { Identity } from '../token/identity.js';
import { TokenRefused } from '../token/token-refused.js';
import { checkOrigin, type OriginCheck } from './origins.js';
import { Rejection } from './rejection.js';
import { findToken } from './token-sources/find-token.js';
import { askVerifyClient, type VerifyClient } from './verify-client.js';

/** What a handshake asks, in this order. */
export interface DecisionSteps extends OriginCheck {
  /** The user's own check. */
  readonly verifyClient?: VerifyClient | undefined;
  readonly places: TokenPlaces;
  readonly identify: Identify;
}

/**
 * Says who sent an upgrade request, step by step: at once where nothing has to be waited for.
 * @throws Rejection where it is nobody who may connect; or rejects with one
 */
export function decide(request: IncomingMessage, steps: DecisionSteps): Identity | Promise<Identity> {
  checkOrigin(request, steps);
  const { verifyClient } = steps;
  if (verifyClient === undefined) return identityOf(request, steps);
  return askVerifyClient(verifyClient, request).then(() => identityOf(request, steps));
}

function identityOf(
  request: IncomingMessage,
  { identify, places }: DecisionSteps,
): Identity | Promise<Identity> {
  if (identify.kind === 'anonymous') return identify.identity;
  try {
    const identity = identify.verify(findToken(request, places) ?? '');
    return identity instanceof Promise ? identity.catch(refuse) : identity;
  } catch (error) {
    return refuse(error);
  }
}

function refuse(error: unknown): never {
  if (!(error instanceof TokenRefused)) throw error;
  throw new Rejection(error.code, { because: error.because });
}
