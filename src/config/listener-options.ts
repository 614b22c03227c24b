import type { TenantSource } from '../token/tenant.js';
import { jwksUriProblem } from './jwks-uri.js';
import { pathProblem } from './path.js';
import { ConfigurationError, choiceOf, isTrue, numberOf, type RawProperties, textOf } from './properties.js';
import { secretProblem } from './secret.js';

/** How a listener checks tokens. */
export type Validation =
  | { readonly kind: 'hs256'; readonly secret: string }
  | { readonly kind: 'jwks'; readonly uri: string }
  | { readonly kind: 'none' };

/** Whom `ws.out+` may reach, as the owner of a listener configures it. */
export type RoutingScope = 'session' | 'tenant' | 'global';

/** A listener's configuration, checked. */
export interface ListenerOptions {
  readonly wholeMessage: boolean;
  readonly validation: Validation;
  readonly issuer?: string;
  readonly audience?: string;
  readonly tenant: TenantSource;
  readonly scope: RoutingScope;
  /** Longest life of a session, in milliseconds. */
  readonly sessionTimeoutMs?: number;
  readonly closeOnExpiry: boolean;
  /** Messages per second and connection; undefined: not enforced. */
  readonly rateLimit?: number;
  /** Concurrent connections per tenant; undefined: not enforced. */
  readonly maxConnections?: number;
  /** Largest message a peer may send, in bytes. */
  readonly maxPayload: number;
}

const DEFAULT_MAX_PAYLOAD = 1024 * 1024;

/**
 * Reads the properties of a `websocket-plus-listener`. What is absent takes its default; a flow file that says nothing of
 * validation asks for HS256, and without a secret that is an error.
 * @throws ConfigurationError
 */
export function parseListenerOptions(raw: RawProperties, jwtSecret: unknown): ListenerOptions {
  const problem = pathProblem(textOf(raw.path, '', 'path-missing'));
  if (problem !== undefined) throw new ConfigurationError(problem);
  const validation = validationOf(raw, jwtSecret);
  const issuer = textOf(raw.jwtIssuer, '', 'issuer');
  const audience = textOf(raw.jwtAudience, '', 'audience');
  const timeoutSeconds = numberOf(raw.timeout, 'timeout');
  const rateLimit = numberOf(raw.rateLimit, 'rate-limit');
  const maxConnections = numberOf(raw.maxConnections, 'max-connections');
  const enforced = isTrue(raw.enforceLimits);
  return {
    wholeMessage: isTrue(raw.wholemsg),
    validation,
    ...(issuer === '' ? {} : { issuer }),
    ...(audience === '' ? {} : { audience }),
    tenant: tenantOf(raw, validation),
    scope: choiceOf(raw.routingScope, ['tenant', 'session', 'global'], 'scope-unknown'),
    ...(timeoutSeconds ? { sessionTimeoutMs: timeoutSeconds * 1000 } : {}),
    closeOnExpiry: choiceOf(raw.authExpiry, ['disconnect', 'allow'], 'expiry-unknown') === 'disconnect',
    ...(enforced && rateLimit !== undefined ? { rateLimit } : {}),
    ...(enforced && maxConnections !== undefined ? { maxConnections } : {}),
    maxPayload: maxPayloadOf(raw.maxPayload),
  };
}

function validationOf(raw: RawProperties, jwtSecret: unknown): Validation {
  const kind = choiceOf(raw.jwtValidation, ['hs256', 'jwks', 'none'], 'validation-unknown');
  switch (kind) {
    case 'none':
      return { kind };
    case 'hs256': {
      const secret = textOf(jwtSecret, '', 'secret-missing');
      const problem = secretProblem(secret);
      if (problem !== undefined) throw new ConfigurationError(problem);
      return { kind, secret };
    }
    case 'jwks': {
      const uri = textOf(raw.jwksUri, '', 'jwks-uri').trim();
      if (jwksUriProblem(uri) !== undefined) throw new ConfigurationError('jwks-uri');
      return { kind, uri };
    }
  }
}

function tenantOf(raw: RawProperties, validation: Validation): TenantSource {
  const kind = choiceOf(raw.tenantFrom, ['claim', 'static'], 'tenant-source-unknown');
  if (kind === 'static') {
    const tenantId = textOf(raw.tenantId, '', 'tenant-missing');
    if (tenantId.trim() === '') throw new ConfigurationError('tenant-missing');
    return { kind, tenantId };
  }
  const name = textOf(raw.tenantClaim, 'tenant_id', 'claim-missing');
  // where no token is read, no claim is looked for
  if (name.trim() === '' && validation.kind !== 'none') throw new ConfigurationError('claim-missing');
  return { kind, name };
}

function maxPayloadOf(value: unknown): number {
  const bytes = Number(value);
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : DEFAULT_MAX_PAYLOAD;
}

/** The tenant of all connections, where the configuration leaves only one; undefined where tokens name it. */
export function onlyTenantOf({ tenant, validation }: ListenerOptions): string | null | undefined {
  if (tenant.kind === 'static') return tenant.tenantId;
  return validation.kind === 'none' ? null : undefined;
}
