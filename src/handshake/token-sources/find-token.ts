import type { IncomingMessage } from 'node:http';
import { TokenRefused } from '../../token/token-refused.js';
import { tokensInQuery } from './query.js';

/** The part of an upgrade request that a token may stand in. */
export type TokenCarrier = Pick<IncomingMessage, 'url'>;

/**
 * Takes the token out of an upgrade request; empty where there is none.
 * @throws TokenRefused where there are several, also when they are equal
 */
export function findToken({ url = '' }: TokenCarrier): string {
  const [token = '', ...others] = tokensInQuery(url);
  if (others.length > 0) throw new TokenRefused('token_invalid', { cause: 'two-tokens' });
  return token;
}
