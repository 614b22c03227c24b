/** Every reason why a node cannot work as it is configured. Each is a key of the catalog's `status` and `errors`. */
export const CONFIGURATION_PROBLEMS = [
  // listeners
  'path-missing',
  'path-reserved',
  'path-syntax',
  'path-taken',
  'validation-unknown',
  'secret-missing',
  'secret-short',
  'secret-public',
  'secret-variable',
  'secret-encoding',
  'encoding-unknown',
  'jwks-uri',
  'issuer',
  'audience',
  'clock-tolerance',
  'token-sources',
  'token-header',
  'token-cookie',
  'cookie-origins',
  'origins',
  'refusal-unknown',
  'tenant-source-unknown',
  'claim-missing',
  'tenant-id-missing',
  'session-claims',
  'scope-unknown',
  'issuer-missing',
  'issuer-broken',
  'issuers-same',
  'verify-function',
  'session-timeout',
  'expiry-unknown',
  'rate-limit',
  'max-connections',
  'max-per-subject',
  'when-full-unknown',
  'enforce-limits',
  'max-payload',
  'cluster-missing',
  'cluster-broken',
  // clients
  'url-missing',
  'url-invalid',
  'url-has-token',
  'tls',
  'subprotocol',
  'auth-unknown',
  'jwt-missing',
  'jwt-variable',
  'token-value',
  'token-url',
  'client-id',
  'client-secret',
  'client-auth',
  'token-scope',
  'token-placement',
  'renew-unknown',
  'queue',
  'queue-seconds',
  'heartbeat',
  'reconnect',
  'max-backoff',
  'handshake-timeout',
  'headers',
  'headers-authorization',
  'proxy-invalid',
  // issuers
  'issuer-url',
  'keys-from',
  'discovery-url',
  'keys-authorization',
  'public-key',
  'public-key-private',
  'public-key-unusable',
  'previous-secret',
  'keys-function',
  'algorithms',
  'claims',
  'require-expiry',
  'max-lifetime',
  'token-type',
  'tenants',
  // clusters
  'broker-missing',
  'cluster-secret-missing',
  'cluster-secret',
  'prefix',
  // events, control and out
  'events',
  'action-unknown',
  'scope-wider',
  'skip-sender',
  'local-only',
  // both
  'whole-message',
  'name',
  // the nodes that are attached to one
  'config-missing',
] as const;

export type ConfigurationProblem = (typeof CONFIGURATION_PROBLEMS)[number];

/** What only a dialog says, as a key of the catalog's `errors`: at run time the listener or client speaks for itself. */
export const DIALOG_PROBLEMS = ['config-invalid'] as const;

export type DialogProblem = ConfigurationProblem | (typeof DIALOG_PROBLEMS)[number];

/** A node that must not work as it is configured. */
export class ConfigurationError extends Error {
  readonly code: ConfigurationProblem;
  /** The environment variable that is not set, or empty, where that is known to be why. */
  readonly variable: string | undefined;

  constructor(code: ConfigurationProblem, variable?: string) {
    super(code);
    this.name = 'ConfigurationError';
    this.code = code;
    this.variable = variable;
  }
}
