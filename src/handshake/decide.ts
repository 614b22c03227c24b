import type { IncomingMessage } from 'node:http';
import type { TokenPlaces } from '../config/token-sources.js';
import type { Identity } from '../token/identity.js';
import { TokenRefused } from '../token/token-refused.js';
import type { Identify } from './open-identify.js';
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

/** The peer is let in as nobody, and says who it is in its first message. */
export const PENDING = Symbol('pending');

/** What a handshake comes to, where it is not refused. */
export type Decision = Identity | typeof PENDING;

/**
 * Says who sent an upgrade request, step by step: at once where nothing has to be waited for.
 * @throws Rejection where it is nobody who may connect; or rejects with one
 */
export function decide(request: IncomingMessage, steps: DecisionSteps): Decision | Promise<Decision> {
  checkOrigin(request, steps);
  const { verifyClient } = steps;
  if (verifyClient === undefined) return identityOf(request, steps);
  return askVerifyClient(verifyClient, request).then(() => identityOf(request, steps));
}

function identityOf(
  request: IncomingMessage,
  { identify, places }: DecisionSteps,
): Decision | Promise<Decision> {
  if (identify.kind === 'anonymous') return identify.identity;
  try {
    const token = findToken(request, places);
    if (token === undefined && places.tokenSources.includes('message')) return PENDING;
    return identityBy(identify, request, token);
  } catch (error) {
    return refuse(error);
  }
}

/**
 * Says who shows a token, or another proof.
 * @param token undefined where there is none
 * @throws Rejection where it is nobody who may connect; or rejects with one
 */
export function identityBy(
  identify: Identify,
  request: IncomingMessage,
  token: string | undefined,
): Identity | Promise<Identity> {
  if (identify.kind === 'anonymous') return identify.identity;
  try {
    if (identify.kind === 'function') return identify.verify(request, token).catch(refuse);
    const identity = identify.verify(token ?? '');
    return identity instanceof Promise ? identity.catch(refuse) : identity;
  } catch (error) {
    return refuse(error);
  }
}

/** Tells a peer what is wrong with its token; anything else is thrown as it is. @throws Rejection */
export function refuse(error: unknown): never {
  if (!(error instanceof TokenRefused)) throw error;
  throw new Rejection(error.code, { because: error.because });
}
