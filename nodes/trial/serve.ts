import type { IncomingHttpHeaders } from 'node:http';
import type { NodeAPI } from 'node-red';
import { ConfigurationError } from '../../src/config/codes.js';
import { TokenNotMade } from '../../src/trial/make-token.js';
import { TrialRefused } from './request.js';

/** Whoever may deploy may see what a deployed listener would do, and could make tokens in a flow. */
const PERMISSION = 'websocket-plus.write';

/** Serves one thing that a dialog asks, to those who may edit flows. Browsers store no answer. */
export function serve(
  RED: NodeAPI,
  name: string,
  answer: (body: unknown, headers: IncomingHttpHeaders) => Promise<object>,
): void {
  const allowed = RED.auth.needsPermission(PERMISSION);
  RED.httpAdmin.post(`/websocket-plus/${name}`, allowed, (request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    // of all bodies that Node-RED parses, the one that no form of another site can send
    const body: unknown = request.is('application/json') ? request.body : undefined;
    answer(body, request.headers).then(
      (result) => response.json(result),
      (error: unknown) => {
        const [status, code] = refusal(error);
        response.status(status).json({ error: code });
      },
    );
  });
}

/** The code is a key of the catalog's `errors`. */
function refusal(error: unknown): [status: number, code: string] {
  if (error instanceof TrialRefused) return [error.status, error.code];
  if (error instanceof ConfigurationError || error instanceof TokenNotMade) return [400, error.code];
  return [500, 'trial-failed'];
}
