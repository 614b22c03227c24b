import type { NodeAPI, NodeDef } from 'node-red';
import { ConfigurationError } from '../../src/config/codes.js';
import { isPlainHttp } from '../../src/config/jwks-uri.js';
import { type ListenerOptions, parseListenerOptions } from '../../src/config/listener-options.js';
import { fullPath, pathProblem, requestPath } from '../../src/config/path.js';
import { Misconfigured } from '../../src/listener/misconfigured.js';
import { openListener } from '../../src/listener/open-listener.js';
import type { EndpointNode } from '../attached/attached.js';
import { readableError } from '../errors.js';
import { httpNodeRoot, listenerSettings } from '../settings.js';
import { serveTokenEndpoints } from '../trial/endpoints.js';
import { claimPath } from './claim-path.js';
import { logListener } from './log.js';

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
  const { validation } = options;
  if (validation.kind === 'jwks' && isPlainHttp(validation.uri)) node.warn(RED._('warn.jwks-plain-http'));
  const path = pathOf(RED, config);
  const listener = openListener({ id: node.id, path }, options, listenerSettings(RED));
  const stopLog = logListener(RED, node, listener, path);
  node.endpoint = listener;
  const release = claimPath(RED, listener);
  node.on('close', () => {
    release();
    listener.close();
    stopLog();
  });
}

/** A misconfigured listener still owns its path, and answers every peer with 503. */
function refuseService(
  RED: NodeAPI,
  node: ListenerNode,
  config: ListenerDef,
  error: ConfigurationError,
): void {
  node.error(readableError(RED, error).message);
  const hasPath = typeof config.path === 'string' && pathProblem(config.path) === undefined;
  const path = hasPath ? pathOf(RED, config) : '';
  const listener = new Misconfigured({ id: node.id, path }, error);
  node.endpoint = listener;
  if (!hasPath) return;
  const stopLog = logListener(RED, node, listener, path);
  const release = claimPath(RED, listener);
  node.on('close', () => {
    release();
    stopLog();
  });
}

function pathOf(RED: NodeAPI, config: ListenerDef): string {
  return requestPath(fullPath(httpNodeRoot(RED), config.path ?? ''));
}
