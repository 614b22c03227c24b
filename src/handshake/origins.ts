import type { OriginRule } from '../config/origins.js';
import { Rejection } from './rejection.js';
import { type HeaderCarrier, requestedHost } from './request-facts.js';

/** Whether web pages are kept out, and by what. */
export interface OriginCheck {
  /** Empty: any may connect. */
  readonly origins: readonly OriginRule[];
  /** Proxies in front of the server. */
  readonly trustProxy: number;
}

/**
 * Refuses a request from a web page that may not connect (RFC 6455 §10.2).
 * @throws Rejection
 */
export function checkOrigin(request: HeaderCarrier, { origins, trustProxy }: OriginCheck): void {
  if (origins.length === 0) return;
  const origin = originOf(request);
  if (!origins.some((rule) => allows(rule, origin, request, trustProxy))) {
    throw new Rejection('origin_forbidden');
  }
}

/** Drafts before RFC 6455 (version 8) had a name of their own for it. */
function originOf({ headers }: HeaderCarrier): string | undefined {
  const { origin } = headers;
  if (origin !== undefined || headers['sec-websocket-version'] !== '8') return origin;
  const draft = headers['sec-websocket-origin'];
  return typeof draft === 'string' ? draft : undefined;
}

function allows(
  rule: OriginRule,
  origin: string | undefined,
  request: HeaderCarrier,
  trustProxy: number,
): boolean {
  if (origin === undefined) return rule.kind === 'none';
  switch (rule.kind) {
    case 'none':
      return false;
    case 'exact':
      return origin === rule.origin;
    case 'subdomains':
      return (
        origin.startsWith(rule.before) &&
        origin.endsWith(rule.after) &&
        /^[\w-]+(?:\.[\w-]+)*$/.test(origin.slice(rule.before.length, -rule.after.length))
      );
    case 'same':
      return isOf(requestedHost(request, trustProxy), origin);
  }
}

/** The port that the scheme of the origin implies may be left out of either. */
function isOf(host: string, origin: string): boolean {
  const [, scheme = '', authority = ''] = /^(https?:\/\/)([^/\\?#@\s]+)$/.exec(origin) ?? [];
  return authority !== '' && hostAndPort(scheme, host) === hostAndPort(scheme, authority);
}

/** Nothing where it is none: that is equal to no other. */
function hostAndPort(scheme: string, host: string): string | number {
  const url = `${scheme}${host}`;
  return /^[^/\\?#@\s]+$/.test(host) && URL.canParse(url) ? new URL(url).host : Number.NaN;
}
