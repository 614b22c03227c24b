import type { NodeAPI, NodeDef } from 'node-red';
import { ConfigurationError } from '../../src/config/codes.js';
import { isPlainHttp } from '../../src/config/jwks-uri.js';
import {
  type ListenerOptions,
  parseListenerOptions,
  parseListenerPath,
} from '../../src/config/listener-options.js';
import { fullPath, requestPath } from '../../src/config/path.js';
import { Misconfigured } from '../../src/listener/misconfigured.js';
import { openListener } from '../../src/listener/open-listener.js';
import type { EndpointNode } from '../attached/attached.js';
import { openedCluster } from '../cluster/runtime.js';
import { readableError } from '../errors.js';
import { openedIssuer } from '../issuer/runtime.js';
import { httpNodeRoot, listenerSettings, trustedProxies } from '../settings.js';
import { showName } from '../shown-name.js';
import { serveTokenEndpoints } from '../trial/endpoints.js';
import { environmentOf, withVariable } from '../variables.js';
import { claimPath } from './claim-path.js';
import { listenerEnrolment } from './enrol.js';
import { logListener } from './log.js';
import { revocationStore } from './revocation-store.js';

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
      const path = fullPathIfAny(RED, this, config);
      showName(this, path);
      if (path !== undefined) this.topic = path;
      try {
        const environment = environmentOf(RED, this);
        const options = parseListenerOptions(config, this.credentials.jwtSecret, environment);
        start(RED, this, path ?? '', options);
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        refuseService(RED, this, path, withVariable(RED, this, 'jwtSecret', error));
      }
    },
    { credentials: { jwtSecret: { type: 'password' } } },
  );
  serveTokenEndpoints(RED);
}

function start(RED: NodeAPI, node: ListenerNode, path: string, options: ListenerOptions): void {
  const { validation } = options;
  if (validation.kind === 'jwks' && isPlainHttp(validation.uri)) node.warn(RED._('warn.jwks-plain-http'));
  const store = revocationStore(RED, node);
  const { observer, enrol } = listenerEnrolment(RED, node, path);
  const listener = openListener({ id: node.id, path }, options, {
    ...listenerSettings(RED),
    issuerOf: (id) => openedIssuer(RED, id),
    ...(options.cluster === undefined ? {} : { cluster: openedCluster(RED, options.cluster) }),
    revocationStore: store,
    observer,
  });
  const stopLog = logListener(RED, node, listener, path);
  node.endpoint = listener;
  const release = claimPath(RED, listener);
  const leave = enrol({ kind: 'serving', listener, options });
  node.on('close', (removed: boolean, done: () => void) => {
    if (removed) store.forget();
    release();
    leave();
    listener.close().then(done);
    stopLog();
  });
}

/** A misconfigured listener still owns its path, and answers every peer with 503. */
function refuseService(
  RED: NodeAPI,
  node: ListenerNode,
  path: string | undefined,
  error: ConfigurationError,
): void {
  node.error(readableError(RED, error).message);
  const listener = new Misconfigured({ id: node.id, path: path ?? '' }, error, trustedProxies(RED));
  node.endpoint = listener;
  if (path === undefined) return;
  const stopLog = logListener(RED, node, listener, path);
  const { observer, enrol } = listenerEnrolment(RED, node, path);
  listener.observe(observer);
  const release = claimPath(RED, listener);
  const leave = enrol({ kind: 'broken', listener });
  node.on('close', () => {
    release();
    leave();
    stopLog();
  });
}

/** As it stands in a request line; undefined where the configuration gives none, which the options then say, too. */
function fullPathIfAny(RED: NodeAPI, node: ListenerNode, config: ListenerDef): string | undefined {
  try {
    const path = parseListenerPath(config, environmentOf(RED, node));
    return requestPath(fullPath(httpNodeRoot(RED), path));
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return undefined;
  }
}
