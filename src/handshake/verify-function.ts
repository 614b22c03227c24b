import type { IncomingMessage } from 'node:http';
import { ConfigurationError } from '../config/codes.js';
import type { TenantSource } from '../config/listener-options.js';
import type { Identity } from '../token/identity.js';
import { statedIdentity } from '../token/stated-identity.js';
import { TokenRefused } from '../token/token-refused.js';
import { Rejection } from './rejection.js';
import { peerAddress } from './request-facts.js';

/** What the user's own function is told of a peer. */
export interface VerifyQuestion {
  readonly request: IncomingMessage;
  /** What the enabled places hold, whatever it is; undefined where that is nothing. */
  readonly token: string | undefined;
  /** The listener's. */
  readonly path: string;
  readonly address: string;
}

/** `websocketPlusVerify` of settings.js: functions by their names. */
export type VerifyFunctions = Readonly<Record<string, unknown>>;

/**
 * Says who a peer is.
 * @throws TokenRefused where it is nobody, or rejects with one; Rejection with 500 where the function fails
 */
export type VerifyProof = (request: IncomingMessage, token: string | undefined) => Promise<Identity>;

export interface VerifyFunctionOptions {
  readonly tenant: TenantSource;
  /** The listener's path. */
  readonly path: string;
  /** Proxies in front of the server. */
  readonly trustProxy: number;
  /** Longest token, in bytes. */
  readonly maxTokenBytes: number;
}

/**
 * Makes the check that asks a function of settings.js, also where there is no token: the proof may be anything in a
 * request, or the certificate behind its socket.
 * @throws ConfigurationError `verify-function` where there is none of that name
 */
export function verifyByFunction(
  name: string,
  functions: VerifyFunctions = {},
  { tenant, path, trustProxy, maxTokenBytes }: VerifyFunctionOptions,
): VerifyProof {
  const ask = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (typeof ask !== 'function') throw new ConfigurationError('verify-function');
  return async (request, token) => {
    if (token !== undefined && Buffer.byteLength(token) > maxTokenBytes) {
      throw new TokenRefused('token_invalid', { cause: 'too-long' });
    }
    const shown = token === '' ? undefined : token;
    const question = { request, token: shown, path, address: peerAddress(request, trustProxy) };
    const stated = await answerOf(ask as (question: VerifyQuestion) => unknown, question);
    if (stated === null && shown === undefined) throw new TokenRefused('token_missing');
    return statedIdentity(stated, tenant);
  };
}

async function answerOf(
  ask: (question: VerifyQuestion) => unknown,
  question: VerifyQuestion,
): Promise<unknown> {
  try {
    return await ask(question);
  } catch (cause) {
    throw Object.assign(new Rejection('verification_failed'), { cause });
  }
}
