import { maxHeaderSize, type Server } from 'node:http';
import type { NodeAPI } from 'node-red';
import { fullPath, requestPath } from '../../src/config/path.js';
import { fetchKeys } from '../../src/trial/fetch-keys.js';
import { makeIssuedToken, makeToken } from '../../src/trial/make-token.js';
import { tenantSource, tryIssuer } from '../../src/trial/try-issuer.js';
import { tryToken } from '../../src/trial/try-token.js';
import { httpNodeRoot, listenerSettings } from '../settings.js';
import { describeIssuer, issuerOfDialog, issuersOfDialog, type OpenedForTrial } from './dialog-issuer.js';
import { type DialogListener, listenerOfDialog } from './dialog-listener.js';
import { OneAtATime } from './one-at-a-time.js';
import type { ListenerDialog } from './protocol.js';
import { readFetch, readIssuerTrial, readIssuerWish, readTrial, readWish, TrialRefused } from './request.js';
import { revokedTokens } from './revoked-tokens.js';
import { serve } from './serve.js';

/**
 * Serves the parts of dialogs that try and make tokens, and fetch keys. Nothing that is sent here is stored or logged, and no
 * error repeats any of it.
 */
export function serveTokenEndpoints(RED: NodeAPI): void {
  serveListeners(RED);
  serveIssuers(RED);
}

function serveListeners(RED: NodeAPI): void {
  serve(RED, 'try-token', async (body, headers) => {
    const { dialog, token, origin } = readTrial(body);
    const { verifyClient, middleware = [], trustProxy, ...settings } = listenerSettings(RED);
    const own = { verifyClient: verifyClient !== undefined, middleware: middleware.length > 0 };
    return withListener(RED, dialog, ({ options, path }, issuers) => {
      const head = { path: targetOf(RED, path), maxBytes: headLimit(RED) };
      const page = { origin, headers, trustProxy };
      const revoked = revokedTokens(RED, dialog.id);
      return tryToken(token, options, { ...settings, head, page, own, issuers, revoked });
    });
  });
  serve(RED, 'make-token', async (body) => {
    const { dialog, wish } = readWish(body);
    return withListener(RED, dialog, async ({ options, path }, issuers) => {
      const token = await makeToken(wish, options, listenerSettings(RED).maxTokenBytes, issuers);
      // elsewhere than in the query it is no part of an address
      if (!options.tokenSources.includes('query')) return { token };
      return { token, target: `${targetOf(RED, path)}?token=${token}` };
    });
  });
}

function serveIssuers(RED: NodeAPI): void {
  const fetches = new OneAtATime();
  serve(RED, 'try-issuer', async (body) => {
    const { dialog, token, tenant } = readIssuerTrial(body);
    return withIssuer(issuerOfDialog(RED, dialog), (issuer) =>
      tryIssuer(token, issuer, tenant, listenerSettings(RED)),
    );
  });
  serve(RED, 'make-issuer-token', async (body) => {
    const { dialog, wish, tenant } = readIssuerWish(body);
    const { maxTokenBytes } = listenerSettings(RED);
    return withIssuer(issuerOfDialog(RED, dialog), async (issuer) => ({
      token: await makeIssuedToken(wish, [issuer], tenantSource(tenant), maxTokenBytes),
    }));
  });
  serve(RED, 'fetch-keys', async (body) => {
    const dialog = readFetch(body);
    const { options, route } = describeIssuer(RED, dialog);
    const fetched = await fetches.run(dialog.id, () => fetchKeys(options, route));
    if (fetched === undefined) throw new TrialRefused('keys-nowhere');
    return fetched;
  });
}

async function withListener<T>(
  RED: NodeAPI,
  dialog: ListenerDialog,
  work: (listener: DialogListener, issuers: readonly OpenedForTrial[]) => Promise<T>,
): Promise<T> {
  const listener = listenerOfDialog(RED, dialog);
  const { validation } = listener.options;
  const issuers = validation.kind === 'issuers' ? issuersOfDialog(RED, dialog, validation.ids) : [];
  try {
    return await work(listener, issuers);
  } finally {
    for (const issuer of issuers) issuer.close();
  }
}

async function withIssuer<T>(
  issuer: OpenedForTrial,
  work: (issuer: OpenedForTrial) => Promise<T>,
): Promise<T> {
  try {
    return await work(issuer);
  } finally {
    issuer.close();
  }
}

/** The path of a request, as it stands in its target. */
function targetOf(RED: NodeAPI, path: string): string {
  return requestPath(fullPath(httpNodeRoot(RED), path));
}

/** Bytes of a request's head that Node reads: the server may have a limit of its own (`https` in settings.js). */
function headLimit(RED: NodeAPI): number {
  return (RED.server as Server & { readonly maxHeaderSize?: number }).maxHeaderSize ?? maxHeaderSize; // typed nowhere
}
