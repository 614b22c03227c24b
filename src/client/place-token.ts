import type { TokenPlacement } from '../config/client-schema.js';
import type { Target } from './open-socket.js';
import { TokenFailure } from './token-failure.js';

/** Offered beside a token where nothing else is: a server never accepts the token's own (RFC 6455 §4.2.2). */
const OWN_SUBPROTOCOL = 'websocket-plus';

/** RFC 9110 §5.6.2: what a subprotocol may consist of. */
const SUBPROTOCOL = /^[!#$%&'*+\-.^_`|~\w]+$/;

/** Visible characters: what may stand behind `Bearer` without being something else. */
const HEADER_TOKEN = /^[\x21-\x7e]+$/;

/**
 * What is asked of a server, with a token in the place that it is to have.
 * @throws TokenFailure where the token cannot stand there
 */
export function placeToken(target: Target, placement: TokenPlacement, token: string): Target {
  switch (placement) {
    case 'query':
      return { ...target, url: withToken(target.url, token) };
    case 'header':
      check(token, HEADER_TOKEN);
      return { ...target, headers: { ...target.headers, Authorization: `Bearer ${token}` } };
    case 'protocol': {
      check(token, SUBPROTOCOL);
      const offered = target.subprotocols.length === 0 ? [OWN_SUBPROTOCOL] : target.subprotocols;
      const secretSubprotocol = `bearer.${token}`;
      return { ...target, subprotocols: [...offered, secretSubprotocol], secretSubprotocol };
    }
    case 'message':
      return { ...target, login: { kind: 'message', token } };
  }
}

function check(token: string, form: RegExp): void {
  if (!form.test(token)) throw new TokenFailure('token unusable');
}

/** Appends the token; what the URL has of a query stays as it is spelt. */
function withToken(url: string, token: string): string {
  const base = new URL(url).search === '' ? `${url.replace(/\?$/, '')}?` : `${url}&`;
  // by way of UTF-8, because encodeURIComponent throws on half a surrogate pair
  return `${base}token=${encodeURIComponent(Buffer.from(token).toString())}`;
}
