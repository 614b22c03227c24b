import type { ConfigurationProblem } from './codes.js';
import { isPlainHttp } from './jwks-uri.js';

/** RFC 6749 §3.3: scopes, each of visible characters without quotation marks and backslashes, between single spaces. */
const SCOPES = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/;

/**
 * Says what is wrong with the address of a token endpoint, or undefined. The secret is sent there: without TLS it may go no
 * further than this machine (RFC 6749 §3.2). A fragment is refused by the same section; a name or password in it would
 * stand in every exported flow.
 */
export function tokenUrlProblem(address: string): ConfigurationProblem | undefined {
  if (!URL.canParse(address)) return 'token-url';
  const { protocol, username, password, hash } = new URL(address);
  const isHttp = protocol === 'https:' || protocol === 'http:';
  const isPlain = username === '' && password === '' && hash === '';
  return isHttp && isPlain && !isPlainHttp(address) ? undefined : 'token-url';
}

/** Says what is wrong with the scopes that a client asks for, or undefined; none is fine. */
export function scopeProblem(scope: string): ConfigurationProblem | undefined {
  return scope === '' || SCOPES.test(scope) ? undefined : 'token-scope';
}
