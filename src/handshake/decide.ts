import type { IncomingMessage } from 'node:http';
import type { Identify } from '../token/identify.js';
import type { Identity } from '../token/identity.js';
import { TokenRefused } from '../token/token-refused.js';
import { Rejection } from './rejection.js';
import { findToken } from './token-sources/find-token.js';
import { askVerifyClient, type VerifyClient } from './verify-client.js';

/**
 * Says who sent an upgrade request, step by step.
 * @param verifyClient the user's own check, asked first
 * @throws Rejection where it is nobody who may connect
 */
export async function decide(
  request: IncomingMessage,
  identify: Identify,
  verifyClient: VerifyClient | undefined,
): Promise<Identity> {
  if (verifyClient !== undefined) await askVerifyClient(verifyClient, request);
  if (identify.kind === 'anonymous') return identify.identity;
  try {
    return await identify.verify(findToken(request));
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    throw new Rejection(error.code, { because: error.because });
  }
}
