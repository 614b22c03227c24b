import { ConfigurationError, type ConfigurationProblem } from './codes.js';
import type { Read } from './properties.js';
import { namesSource } from './token-sources.js';

/** A web origin (RFC 6454 §6.2), or several, that may open connections. */
export type OriginRule =
  | { readonly kind: 'exact'; readonly origin: string }
  /** One or more labels stand between the two texts. */
  | { readonly kind: 'subdomains'; readonly before: string; readonly after: string }
  /** That of the request's own host. */
  | { readonly kind: 'same' }
  /** Who sends none: no browser. */
  | { readonly kind: 'none' };

const WILDCARD = '://*.';

/** Reads what is separated by commas or white space. @throws ConfigurationError */
export function parseOrigins(text: string): readonly OriginRule[] {
  return text
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(ruleOf);
}

/** Says what is wrong with the list. A cookie is sent for any page that asks, so that it needs one. */
export function originsProblem(text: string, read: Read): ConfigurationProblem | undefined {
  const rules = parseOrigins(text);
  const takesCookie = read('jwtValidation') !== 'none' && namesSource(read('tokenSources'), 'cookie');
  return takesCookie && rules.length === 0 ? 'cookie-origins' : undefined;
}

function ruleOf(entry: string): OriginRule {
  if (entry === 'same' || entry === 'none') return { kind: entry };
  const at = entry.indexOf(WILDCARD);
  if (at === -1) return { kind: 'exact', origin: originOf(entry) };
  const origin = originOf(entry.replace(WILDCARD, '://'));
  const before = origin.slice(0, at + '://'.length);
  return { kind: 'subdomains', before, after: `.${origin.slice(before.length)}` };
}

/** As browsers write it: host in small letters and Punycode, no port that the scheme implies. */
function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isBare = /^[a-z][a-z\d+.-]*:\/\/[^/\\?#@*\s]+$/i.test(text);
  if (url === undefined || !isBare) throw new ConfigurationError('origins');
  // of schemes that the URL standard does not know, such as those of apps and extensions, it tells no origin
  return url.origin === 'null' ? text.toLowerCase() : url.origin;
}
