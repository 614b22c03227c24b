import type { NodeAPI, NodeDef } from 'node-red';
import { ConfigurationError } from '../../src/config/codes.js';
import { isPlainHttp } from '../../src/config/jwks-uri.js';
import { type ListenerOptions, parseListenerOptions } from '../../src/config/listener-options.js';
import { fullPath, pathProblem, requestPath } from '../../src/config/path.js';
import { createBoundedLog } from '../../src/events/bounded.js';
import { refuseUpgrade } from '../../src/handshake/refuse-upgrade.js';
import { Rejection } from '../../src/handshake/rejection.js';
import { jwks } from '../../src/keys/jwks.js';
import { type Keys, sharedSecret } from '../../src/keys/keys.js';
import { Listener } from '../../src/listener/listener.js';
import { Misconfigured } from '../../src/listener/misconfigured.js';
import { createVerifyClient } from '../../src/token/verify-token.js';
import type { EndpointNode } from '../attached/attached.js';
import { readableError } from '../errors.js';
import { httpNodeRoot, listenerSettings } from '../settings.js';
import { serveTokenEndpoints } from '../trial/endpoints.js';
import { claimPath } from './claim-path.js';

interface Credentials {
  jwtSecret: string;
}

interface ListenerNode extends EndpointNode {
  credentials: Credentials;
}

interface ListenerDef extends NodeDef {
  readonly path?: string;
  readonly [property: string]: unknown;
}

/** Registers the config node `websocket-plus-listener`, and what its dialog asks the runtime. */
export function registerListener(RED: NodeAPI): void {
  RED.nodes.registerType<ListenerNode, ListenerDef, object, Credentials>(
    'websocket-plus-listener',
    function (this: ListenerNode, config: ListenerDef) {
      RED.nodes.createNode(this, config);
      try {
        start(RED, this, config, parseListenerOptions(config, this.credentials.jwtSecret));
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        refuseService(RED, this, config, error);
      }
    },
    { credentials: { jwtSecret: { type: 'password' } } },
  );
  serveTokenEndpoints(RED);
}

function start(RED: NodeAPI, node: ListenerNode, config: ListenerDef, options: ListenerOptions): void {
  const settings = listenerSettings(RED);
  const path = pathOf(RED, config);
  const keys = keysOf(RED, node, options);
  const logRefusal = createBoundedLog((event: { code: string; address: string }, passedOver) => {
    const key = passedOver === 0 ? 'warn.refused' : 'warn.refused-more';
    node.warn(RED._(key, { ...event, path, count: passedOver }));
  });
  const logFailure = createBoundedLog(() => node.error(RED._('errors.receive-failed')));
  const listener = new Listener(
    { id: node.id, path },
    options,
    settings,
    {
      verifyClient: createVerifyClient({ ...options, keys, maxTokenBytes: settings.maxTokenBytes }),
      ...(settings.verifyHook === undefined ? {} : { verifyHook: settings.verifyHook }),
      timeoutMs: settings.handshakeTimeoutMs,
    },
    {
      refused: ({ code, status }, address) =>
        logRefusal({ code: code === 'refused' ? String(status) : code, address }),
      receiverFailed: logFailure,
      pathTaken: () => node.error(RED._('errors.path-taken', { path })),
    },
  );
  node.endpoint = listener;
  const release = claimPath(RED, listener);
  node.on('close', () => {
    release();
    listener.close();
    keys?.close();
  });
}

/** A path with a faulty configuration is ours all the same: whoever knocks is told that nobody is at home. */
function refuseService(
  RED: NodeAPI,
  node: ListenerNode,
  config: ListenerDef,
  error: ConfigurationError,
): void {
  node.endpoint = new Misconfigured(error);
  node.error(readableError(RED, error).message);
  if (typeof config.path !== 'string' || pathProblem(config.path) !== undefined) return;
  const release = claimPath(RED, {
    id: node.id,
    path: pathOf(RED, config),
    setOwner: () => {},
    handleUpgrade: (_request, socket) => {
      socket.on('error', () => {});
      refuseUpgrade(socket, new Rejection('unavailable'));
    },
  });
  node.on('close', release);
}

function pathOf(RED: NodeAPI, config: ListenerDef): string {
  return requestPath(fullPath(httpNodeRoot(RED), config.path ?? ''));
}

function keysOf(RED: NodeAPI, node: ListenerNode, { validation }: ListenerOptions): Keys | null {
  switch (validation.kind) {
    case 'none':
      return null;
    case 'hs256':
      return sharedSecret(validation.secret);
    case 'jwks':
      if (isPlainHttp(validation.uri)) node.warn(RED._('warn.jwks-plain-http'));
      return jwks(validation.uri, {
        failed: (code) => node.warn(RED._(`warn.${code}`)),
        recovered: () => node.log(RED._('info.jwks-recovered')),
      });
  }
}
