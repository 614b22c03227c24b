import type { IncomingMessage } from 'node:http';
import type { Identify } from '../token/identify.js';
import type { Identity } from '../token/identity.js';
import { TokenRefused } from '../token/token-refused.js';
import { Rejection } from './rejection.js';
import { findToken } from './token-sources/find-token.js';
import { askVerifyClient, type VerifyClient } from './verify-client.js';

/**
 * Says who sent an upgrade request, step by step: at once where nothing has to be waited for.
 * @param verifyClient the user's own check, asked first
 * @throws Rejection where it is nobody who may connect; or rejects with one
 */
export function decide(
  request: IncomingMessage,
  identify: Identify,
  verifyClient: VerifyClient | undefined,
): Identity | Promise<Identity> {
  if (verifyClient === undefined) return identityOf(request, identify);
  return askVerifyClient(verifyClient, request).then(() => identityOf(request, identify));
}

function identityOf(request: IncomingMessage, identify: Identify): Identity | Promise<Identity> {
  if (identify.kind === 'anonymous') return identify.identity;
  try {
    const identity = identify.verify(findToken(request));
    return identity instanceof Promise ? identity.catch(refuse) : identity;
  } catch (error) {
    return refuse(error);
  }
}

function refuse(error: unknown): never {
  if (!(error instanceof TokenRefused)) throw error;
  throw new Rejection(error.code, { because: error.because });
}
