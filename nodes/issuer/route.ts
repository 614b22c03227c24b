import type { NodeAPI } from 'node-red';
import type { KeyRoute } from '../../src/keys/key-request.js';
import { listenerSettings } from '../settings.js';
import { tlsOptions } from '../tls-options.js';

/**
 * The way to an issuer's keys.
 * @param tls id of a `tls-config`; empty: none
 * @param authorization for the servers of the document and of the keys; empty: none
 */
export function issuerRoute(RED: NodeAPI, tls: string | undefined, authorization: string): KeyRoute {
  return {
    ...listenerSettings(RED).keyRoute,
    tls: tlsOptions(RED, tls),
    ...(authorization === '' ? {} : { authorization }),
  };
}
