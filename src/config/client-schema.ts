import type { ConfigurationProblem } from './codes.js';
import { entries, list } from './lists.js';
import { urlProblem } from './peer-url.js';
import { amount, choice, credential, flag, size, text, trimmed } from './properties.js';
import { is } from './schema.js';

/** RFC 6455 §4.1: a subprotocol is a token of RFC 9110 §5.6.2. */
const SUBPROTOCOL = /^[!#$%&'*+\-.^_`|~\w]+$/;

/**
 * The properties of a `websocket-plus-client`, in the order in which problems are told. Their names and values are those
 * of other people's flow files.
 */
export const CLIENT_SCHEMA = {
  name: trimmed('name'),
  path: trimmed('url-invalid', {
    embedsVariables: true,
    check: (url, read) => urlProblem(url, read('authMode') === 'jwt'),
  }),
  tls: text('tls'),
  subprotocol: list('subprotocol', (name) => SUBPROTOCOL.test(name)),
  wholemsg: flag('whole-message', { initial: 'false' }),
  authMode: choice('auth-unknown', ['jwt', 'none']),
  jwt: credential(
    trimmed('jwt-missing', {
      applies: { authMode: is('jwt') },
      check: tokenProblem,
    }),
  ),
  hb: amount('heartbeat'),
  headers: entries('headers'),
  maxPayload: size('max-payload', 16 * 1024 * 1024),
};

function tokenProblem(token: string): ConfigurationProblem | undefined {
  if (token === '') return 'jwt-missing';
  // no token has these characters in it: somebody expects a part of it to be replaced
  return token.includes('${') ? 'jwt-variable' : undefined;
}
