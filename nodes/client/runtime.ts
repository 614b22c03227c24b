import type { ConnectionOptions } from 'node:tls';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { Client } from '../../src/client/client.js';
import { proxyFor } from '../../src/client/proxy.js';
import { type ClientOptions, parseClientOptions } from '../../src/config/client-options.js';
import { ConfigurationError } from '../../src/config/codes.js';
import { createBoundedLog } from '../../src/events/bounded.js';
import { Misconfigured } from '../../src/listener/misconfigured.js';
import type { EndpointNode } from '../attached/attached.js';
import { readableError } from '../errors.js';
import { proxySettings } from '../settings.js';

interface Credentials {
  jwt: string;
}

interface ClientNode extends EndpointNode {
  credentials: Credentials;
}

interface ClientDef extends NodeDef {
  readonly tls?: string;
  readonly [property: string]: unknown;
}

/** Node-RED's `tls-config` (05-tls.js). */
interface TlsNode extends Node {
  addTLSOptions(options: ConnectionOptions): unknown;
}

/** Registers the config node `websocket-plus-client`. Its connection lives as long as the node, whoever uses it. */
export function registerClient(RED: NodeAPI): void {
  RED.nodes.registerType<ClientNode, ClientDef, object, Credentials>(
    'websocket-plus-client',
    function (this: ClientNode, config: ClientDef) {
      RED.nodes.createNode(this, config);
      try {
        const environment = (name: string) => RED.util.evaluateNodeProperty(name, 'env', this, {});
        start(RED, this, config, parseClientOptions(config, this.credentials.jwt, environment));
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        this.endpoint = new Misconfigured(error);
        this.error(readableError(RED, error).message);
      }
    },
    { credentials: { jwt: { type: 'password' } } },
  );
}

/** @throws ConfigurationError */
function start(RED: NodeAPI, node: ClientNode, { tls }: ClientDef, options: ClientOptions): void {
  const target = {
    ...options,
    tls: options.url.startsWith('wss:') ? tlsOptions(RED, tls) : {},
    proxy: proxyFor(options.url, proxySettings(RED)),
  };
  const client = new Client(target, options.wholeMessage, {
    down: (reason) => node.warn(RED._('warn.client-down', { reason })),
    up: () => node.log(RED._('info.client-up')),
    receiverFailed: createBoundedLog(() => node.error(RED._('errors.receive-failed'))),
  });
  node.endpoint = client;
  node.on('close', (done: () => void) => {
    client.close().then(done);
  });
}

function tlsOptions(RED: NodeAPI, id: string | undefined): ConnectionOptions {
  const options: ConnectionOptions = {};
  if (id) (RED.nodes.getNode(id) as TlsNode | null)?.addTLSOptions(options);
  return options;
}
