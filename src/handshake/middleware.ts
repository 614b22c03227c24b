import type { IncomingMessage } from 'node:http';
import type { Identity } from '../token/identity.js';
import { customRefusal, Rejection } from './rejection.js';

/** What a middleware is told of a peer that everything else has let in. */
export interface MiddlewareInfo {
  readonly request: IncomingMessage;
  /** The listener's. */
  readonly path: string;
  readonly address: string;
  /** Frozen. */
  readonly identity: Identity;
}

/** `websocketPlusListener.middleware` of settings.js, one of its functions. What it returns may be a promise. */
export type Middleware = (
  info: MiddlewareInfo,
  next: (error?: unknown, changes?: unknown) => void,
) => unknown;

/**
 * Asks the user's own functions in their order, each once the one before it has gone on.
 * @returns the identity, with the claims for the flow that the last of them gave
 * @throws Rejection with the status and code that one of them chose; 500 where one fails
 */
export async function askMiddleware(
  functions: readonly Middleware[],
  info: MiddlewareInfo,
): Promise<Identity> {
  let { identity } = info;
  for (const middleware of functions) {
    identity = await ask(middleware, { ...info, identity }).catch((cause: unknown) => {
      throw cause instanceof Rejection ? cause : new Rejection('verification_failed');
    });
  }
  return identity;
}

function ask(middleware: Middleware, info: MiddlewareInfo): Promise<Identity> {
  return new Promise<Identity>((resolve, reject) => {
    // later answers change nothing: the promise is settled
    const next = (error?: unknown, changes?: unknown) => {
      try {
        if (error === undefined || error === null) resolve(withClaims(info.identity, changes));
        else reject(customRefusal(error));
      } catch (fault) {
        reject(fault);
      }
    };
    Promise.resolve(middleware(info, next)).catch(reject);
  });
}

/** @throws DataCloneError for claims that no message could carry */
function withClaims(identity: Identity, changes: unknown): Identity {
  const { claims } = Object(changes) as { readonly claims?: unknown };
  if (claims === undefined) return identity;
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) {
    throw new TypeError('claims are no object');
  }
  return Object.freeze({ ...identity, sessionClaims: structuredClone(claims) as Record<string, unknown> });
}
