import type { NodeAPI, NodeDef } from 'node-red';
import { CLIENT_LIMITS, Client } from '../../src/client/client.js';
import { type ClientOptions, parseClientOptions } from '../../src/config/client-options.js';
import { ConfigurationError } from '../../src/config/codes.js';
import { shownUrl } from '../../src/config/peer-url.js';
import { Faulty } from '../../src/endpoint/faulty.js';
import { proxyFor } from '../../src/proxy/proxy.js';
import type { EndpointNode } from '../attached/attached.js';
import { readableError } from '../errors.js';
import { proxySettings } from '../settings.js';
import { showName } from '../shown-name.js';
import { tlsOptions } from '../tls-options.js';
import { environmentOf, withVariable } from '../variables.js';
import { logClient } from './log.js';

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

/** Registers the config node `websocket-plus-client`. The first node that uses it makes it connect, and the connection then lives as long as the config node. */
export function registerClient(RED: NodeAPI): void {
  RED.nodes.registerType<ClientNode, ClientDef, object, Credentials>(
    'websocket-plus-client',
    function (this: ClientNode, config: ClientDef) {
      RED.nodes.createNode(this, config);
      const url = shownUrl(String(config.path));
      showName(this, url);
      if (url !== undefined) this.topic = url;
      try {
        const environment = environmentOf(RED, this);
        start(RED, this, config, parseClientOptions(config, this.credentials.jwt, environment));
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        const named = withVariable(RED, this, 'jwt', error);
        this.endpoint = new Faulty(named);
        this.error(readableError(RED, named).message);
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
    ...CLIENT_LIMITS,
    maxPayload: options.maxPayload,
  });
  const stopLog = logClient(RED, node, client);
  node.endpoint = client;
  node.on('close', (done: () => void) => {
    stopLog();
    client.close().then(done);
  });
}
