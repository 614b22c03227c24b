import type { IncomingMessage } from 'node:http';
import type { TokenPlaces, TokenSource } from '../../config/token-sources.js';
import { TokenRefused } from '../../token/token-refused.js';
import { Rejection } from '../rejection.js';
import { tokensInCookie } from './cookie.js';
import { tokensInHeader } from './header.js';
import { readOffer } from './protocol.js';
import { tokensInQuery } from './query.js';

/** The part of an upgrade request that a token may stand in. */
export type TokenCarrier = Pick<IncomingMessage, 'url' | 'headersDistinct'>;

/**
 * Takes the token out of an upgrade request; undefined where there is none. Places that are not enabled are not looked at.
 * @throws TokenRefused where there are several, also when they are equal
 * @throws Rejection where nothing but the token is offered as a subprotocol: browsers fail unless one is accepted
 */
export function findToken(request: TokenCarrier, places: TokenPlaces): string | undefined {
  const tokens: string[] = [];
  for (const source of places.tokenSources) tokens.push(...tokensIn(source, request, places));
  if (tokens.length > 1) throw new TokenRefused('token_invalid', { cause: 'two-tokens' });
  if (places.tokenSources.includes('protocol')) {
    const { tokens: offered, hasOther } = readOffer(request);
    if (offered.length > 0 && !hasOther) throw new Rejection('protocol_missing');
  }
  return tokens[0];
}

function tokensIn(source: TokenSource, request: TokenCarrier, places: TokenPlaces): readonly string[] {
  switch (source) {
    case 'query':
      return tokensInQuery(request.url ?? '');
    case 'header':
      return tokensInHeader(request, places.tokenHeader);
    case 'protocol':
      return readOffer(request).tokens;
    case 'cookie':
      return tokensInCookie(request, places.tokenCookie);
    case 'message':
      return []; // it comes once the WebSocket is open
  }
}
