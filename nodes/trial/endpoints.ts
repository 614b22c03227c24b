import { maxHeaderSize, type Server } from 'node:http';
import type { NodeAPI } from 'node-red';
import { ConfigurationError } from '../../src/config/codes.js';
import { fullPath, requestPath } from '../../src/config/path.js';
import { makeToken, TokenNotMade } from '../../src/trial/make-token.js';
import { tryToken } from '../../src/trial/try-token.js';
import { httpNodeRoot, listenerSettings } from '../settings.js';
import { listenerOfDialog } from './dialog-listener.js';
import { BadRequest, readTrial, readWish } from './request.js';

/** Whoever may deploy may see what a deployed listener would do, and could make tokens in a flow. */
const PERMISSION = 'websocket-plus.write';

/**
 * Serves the part of a listener's dialog that tries and makes tokens, to those who may edit flows. Nothing that is sent
 * here is stored or logged, and no error repeats any of it.
 */
export function serveTokenEndpoints(RED: NodeAPI): void {
  serve(RED, 'try-token', async (body) => {
    const { dialog, token } = readTrial(body);
    const { maxTokenBytes, verifyClient, keyRoute } = listenerSettings(RED);
    const { options, path } = listenerOfDialog(RED, dialog);
    const head = { path: requestPath(fullPath(httpNodeRoot(RED), path)), maxBytes: headLimit(RED) };
    const trial = await tryToken(token, options, { maxTokenBytes, keyRoute, head });
    return { ...trial, asksHook: verifyClient !== undefined };
  });
  serve(RED, 'make-token', async (body) => {
    const { dialog, wish } = readWish(body);
    const { options, path } = listenerOfDialog(RED, dialog);
    const token = await makeToken(wish, options, listenerSettings(RED).maxTokenBytes);
    return { token, target: `${requestPath(fullPath(httpNodeRoot(RED), path))}?token=${token}` };
  });
}

/** Bytes of a request's head that Node reads: the server may have a limit of its own (`https` in settings.js). */
function headLimit(RED: NodeAPI): number {
  return (RED.server as Server & { readonly maxHeaderSize?: number }).maxHeaderSize ?? maxHeaderSize; // typed nowhere
}

function serve(RED: NodeAPI, name: string, answer: (body: unknown) => Promise<object>): void {
  const allowed = RED.auth.needsPermission(PERMISSION);
  RED.httpAdmin.post(`/websocket-plus/${name}`, allowed, (request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    // of all bodies that Node-RED parses, the one that no form of another site can send
    const body: unknown = request.is('application/json') ? request.body : undefined;
    answer(body).then(
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
  if (error instanceof BadRequest) return [error.status, error.code];
  if (error instanceof ConfigurationError || error instanceof TokenNotMade) return [400, error.code];
  return [500, 'trial-failed'];
}
