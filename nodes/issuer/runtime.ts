import type { Node, NodeAPI, NodeDef } from 'node-red';
import { ConfigurationError } from '../../src/config/codes.js';
import { type IssuerCredentials, parseIssuerOptions } from '../../src/config/issuer-options.js';
import { isPlainHttp } from '../../src/config/jwks-uri.js';
import { type Issuer, openIssuer } from '../../src/keys/issuer.js';
import { readableError } from '../errors.js';
import { keysFunctions } from '../settings.js';
import { showName } from '../shown-name.js';
import { environmentOf, withVariable } from '../variables.js';
import { issuerRoute } from './route.js';

export const ISSUER_TYPE = 'websocket-plus-issuer';

interface IssuerNode extends Node<IssuerCredentials> {
  /** Absent where it is misconfigured. */
  opened?: Issuer;
}

interface IssuerDef extends NodeDef {
  readonly tls?: string;
  readonly [property: string]: unknown;
}

/** Registers the config node `websocket-plus-issuer`. Its keys are there for every listener that names it. */
export function registerIssuer(RED: NodeAPI): void {
  RED.nodes.registerType<IssuerNode, IssuerDef, object, IssuerCredentials>(
    ISSUER_TYPE,
    function (this: IssuerNode, config: IssuerDef) {
      RED.nodes.createNode(this, config);
      showName(this, typeof config.issuer === 'string' && config.issuer !== '' ? config.issuer : undefined);
      try {
        start(RED, this, config);
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        this.error(readableError(RED, withVariable(RED, this, 'secret', error)).message);
      }
    },
    {
      credentials: {
        secret: { type: 'password' },
        previousSecret: { type: 'password' },
        keysAuthorization: { type: 'password' },
      },
    },
  );
}

/** The issuer of that id; undefined where there is none that works. */
export function openedIssuer(RED: NodeAPI, id: string): Issuer | undefined {
  const node = RED.nodes.getNode(id) as IssuerNode | null; // typed as if every id were a node's
  return node?.type === ISSUER_TYPE ? node.opened : undefined;
}

/** @throws ConfigurationError */
function start(RED: NodeAPI, node: IssuerNode, config: IssuerDef): void {
  const options = parseIssuerOptions(config, node.credentials, environmentOf(RED, node));
  const { source, keysAuthorization } = options;
  const address = source.kind === 'discovery' ? (source.url ?? source.issuer) : undefined;
  if (isPlainHttp(source.kind === 'jwks' ? source.uri : (address ?? ''))) {
    node.warn(RED._('warn.jwks-plain-http'));
  }
  const issuer = openIssuer(node.id, options, {
    route: issuerRoute(RED, config.tls, keysAuthorization),
    functions: keysFunctions(RED),
  });
  node.opened = issuer;
  const stop = issuer.observe((event) => {
    if (event.kind === 'keys-failed') node.warn(RED._(`warn.${event.code}`, { detail: event.detail ?? '' }));
    if (event.kind === 'keys-recovered') node.log(RED._('info.jwks-recovered'));
  });
  node.on('close', () => {
    stop();
    issuer.close();
  });
}
