import type { NodeAPI, NodeDef } from 'node-red';
import { Client } from '../../src/client/client.js';
import { type ClientOptions, parseClientOptions } from '../../src/config/client-options.js';
import { ConfigurationError } from '../../src/config/codes.js';
import { isReadable, shownUrl } from '../../src/config/peer-url.js';
import { Faulty } from '../../src/endpoint/faulty.js';
import { proxyFor } from '../../src/proxy/proxy.js';
import type { EndpointNode } from '../attached/attached.js';
import { readableError } from '../errors.js';
import { proxySettings } from '../settings.js';
import { showName } from '../shown-name.js';
import { tlsOptions } from '../tls-options.js';
import { environmentOf, withVariable } from '../variables.js';
import { beforeStop } from './before-stop.js';
import { enrolClient } from './enrol.js';
import { logClient } from './log.js';
import { readTokenVariable } from './token-variable.js';

interface Credentials {
  jwt: string;
  clientId: string;
  clientSecret: string;
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
        const isToldByFlow = isControlled(RED, this);
        start(RED, this, config, parseClientOptions(config, this.credentials, environment, isToldByFlow));
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        const named = withVariable(RED, this, 'jwt', error);
        const client = new Faulty(named);
        this.endpoint = client;
        this.on('close', enrolClient(RED, this, url ?? '', { kind: 'broken', client }));
        this.error(readableError(RED, named).message);
      }
    },
    {
      credentials: {
        jwt: { type: 'password' },
        clientId: { type: 'text' },
        clientSecret: { type: 'password' },
      },
    },
  );
}

/** @throws ConfigurationError */
function start(RED: NodeAPI, node: ClientNode, { tls }: ClientDef, options: ClientOptions): void {
  const route = (url: string) => ({
    tls: /^(?:wss|https):/i.test(url) ? tlsOptions(RED, tls) : {},
    // what goes no further than this machine without TLS goes through no proxy either
    proxy: /^http:/i.test(url) ? undefined : proxyFor(url, proxySettings(RED)),
  });
  if (options.address.kind === 'url') route(options.address.url);
  if (options.token.kind === 'grant') route(options.token.grant.tokenUrl);
  const warn = warnOnce(() => node.warn(RED._('warn.token-in-clear')));
  const client = new Client(options, {
    route: (url) => {
      if (isTokenInUrl(options) && isReadable(url) && /^ws:/i.test(url)) warn();
      return route(url);
    },
    readVariable: (variable) => readTokenVariable(RED, node, variable),
  });
  const stopLog = logClient(RED, node, client);
  const shown = options.address.kind === 'url' ? shownUrl(options.address.url) : undefined;
  const leave = enrolClient(RED, node, shown ?? '', { kind: 'working', client });
  const forget =
    options.waiting.kind === 'kept' ? beforeStop(RED, node, () => client.giveUpWaiting()) : () => {};
  node.endpoint = client;
  node.on('close', (done: () => void) => {
    forget();
    stopLog();
    leave();
    client.close().then(done);
  });
}

/** Whether a flow may say where to connect: some node of it controls the client. */
function isControlled(RED: NodeAPI, { id, _alias }: ClientNode & { readonly _alias?: string }): boolean {
  let found = false;
  RED.nodes.eachNode((node) => {
    const { type, client, d } = node as NodeDef & { readonly client?: unknown; readonly d?: unknown }; // all of a flow file's
    if (type === 'websocket-plus control' && client === (_alias ?? id) && d !== true) found = true;
  });
  return found;
}

function isTokenInUrl({ token, placement }: ClientOptions): boolean {
  return token.kind !== 'none' && placement === 'query';
}

function warnOnce(warn: () => void): () => void {
  let isWarned = false;
  return () => {
    if (!isWarned) warn();
    isWarned = true;
  };
}
