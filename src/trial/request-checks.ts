import type { ListenerOptions } from '../config/listener-options.js';
import type { TokenPlaces, TokenSource } from '../config/token-sources.js';
import { checkOrigin } from '../handshake/origins.js';
import { Rejection } from '../handshake/rejection.js';
import { failed, passed, untried } from './check-results.js';
import type { OwnChecks, TrialSettings, TriedPage } from './settings.js';
import type { Check } from './trial.js';

const UNKNOWN_PAGE: TriedPage = { origin: { kind: 'unknown' }, headers: {}, trustProxy: 0 };

/** What a handshake looks at before it has a token, in its order. */
export function checksOfRequest(options: ListenerOptions, { page, own }: TrialSettings): Check[] {
  return [
    ...originChecks(options, page ?? UNKNOWN_PAGE),
    ...(own?.verifyClient === true ? [untried('hook', 'not-asked')] : []),
    ...sourceChecks(options),
  ];
}

/** What it asks after everything else. */
export function checksOfMiddleware(own: OwnChecks | undefined): Check[] {
  return own?.middleware === true ? [untried('middleware', 'not-asked')] : [];
}

/** Judged by the handshake's own function. */
function originChecks(
  { origins }: ListenerOptions,
  { origin: tried, headers, trustProxy }: TriedPage,
): Check[] {
  if (origins.length === 0) return [];
  if (tried.kind === 'unknown') return [untried('origin', 'not-given')];
  const { origin: _, ...others } = headers;
  try {
    if (tried.kind === 'none') {
      checkOrigin({ headers: others }, { origins, trustProxy });
      return [passed('origin', 'no-browser')];
    }
    checkOrigin({ headers: { ...others, origin: tried.origin } }, { origins, trustProxy });
    return [passed('origin', 'allowed', { origin: tried.origin })];
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    return tried.kind === 'none'
      ? [failed('origin', 'missing', {}, error.code)]
      : [failed('origin', 'refused', { origin: tried.origin }, error.code)];
  }
}

/** Where a peer has to put a token. In the query alone it has always been, and nobody need be told. */
function sourceChecks(places: TokenPlaces): Check[] {
  const { tokenSources } = places;
  if (tokenSources.every((source) => source === 'query')) return [];
  return tokenSources.map((source) => sourceCheck(source, places));
}

function sourceCheck(source: TokenSource, { tokenHeader, tokenCookie }: TokenPlaces): Check {
  switch (source) {
    case 'header':
      return tokenHeader.toLowerCase() === 'authorization'
        ? untried('source', 'bearer', { name: tokenHeader })
        : untried('source', 'header', { name: tokenHeader });
    case 'cookie':
      return untried('source', 'cookie', { name: tokenCookie });
    default:
      return untried('source', source);
  }
}
