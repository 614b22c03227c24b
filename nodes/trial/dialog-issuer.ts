import type { NodeAPI } from 'node-red';
import {
  type IssuerCredentials,
  type IssuerKeysSource,
  type IssuerOptions,
  parseIssuerOptions,
} from '../../src/config/issuer-options.js';
import { ISSUER_SCHEMA } from '../../src/config/issuer-schema.js';
import { initialValues, type RawProperties, type Schema } from '../../src/config/schema.js';
import { openIssuer } from '../../src/keys/issuer.js';
import type { KeyRoute } from '../../src/keys/key-request.js';
import type { TrialIssuer } from '../../src/trial/settings.js';
import { issuerRoute } from '../issuer/route.js';
import { ISSUER_TYPE, openedIssuer } from '../issuer/runtime.js';
import { keysFunctions } from '../settings.js';
import { deployedNode, dialogNode } from './dialog-node.js';
import type { IssuerDialog, ListenerDialog } from './protocol.js';
import { TrialRefused } from './request.js';

/** An issuer for one trial; `close` lets go of what was opened for it. */
export type OpenedForTrial = TrialIssuer & { close(): void };

/** An issuer as its dialog describes it, and the way to its keys. */
interface DescribedIssuer {
  readonly options: IssuerOptions;
  readonly route: KeyRoute;
}

/**
 * The issuers that a listener's dialog names. Those that the editor does not know are the running ones: a variable may have
 * named them.
 * @param ids as the runtime reads them
 * @throws ConfigurationError, TrialRefused
 */
export function issuersOfDialog(
  RED: NodeAPI,
  { issuers: sent = [] }: ListenerDialog,
  ids: readonly string[],
): readonly OpenedForTrial[] {
  const opened: OpenedForTrial[] = [];
  try {
    for (const id of ids) {
      const dialog = sent.find((one) => one.id === id);
      const issuer = dialog === undefined ? runningIssuer(RED, id) : issuerOfDialog(RED, dialog);
      if (issuer !== undefined) opened.push(issuer);
    }
    return opened;
  } catch (error) {
    for (const one of opened) one.close();
    throw error;
  }
}

/**
 * An issuer as its dialog describes it: the running one, with the keys that it has, unless something was changed.
 * @throws ConfigurationError, TrialRefused
 */
export function issuerOfDialog(RED: NodeAPI, dialog: IssuerDialog): OpenedForTrial {
  const { id, properties } = dialog;
  const name = typeof properties.name === 'string' ? properties.name : '';
  const running = isUnchanged(RED, dialog) ? runningIssuer(RED, id) : undefined;
  if (running !== undefined) return { ...running, name };
  const { options, route } = describeIssuer(RED, dialog);
  const issuer = openIssuer(id, options, { route, functions: keysFunctions(RED) });
  return { name, issuer, close: () => issuer.close() };
}

/**
 * Reads a dialog as the runtime reads a node. A credential that was not typed again is the deployed one.
 * @throws ConfigurationError; TrialRefused `issuer-undeployed` where only a deploy may bring something together
 */
export function describeIssuer(RED: NodeAPI, dialog: IssuerDialog): DescribedIssuer {
  const { environment, properties, credential } = dialogNode(RED, ISSUER_TYPE, dialog);
  const { secret, previousSecret, keysAuthorization } = dialog.credentials;
  const credentials = {
    secret: credential('secret', secret),
    previousSecret: credential('previousSecret', previousSecret),
    keysAuthorization: credential('keysAuthorization', keysAuthorization),
  } as IssuerCredentials; // checked with everything else
  const options = parseIssuerOptions(properties, credentials, environment);
  const isStored = keysAuthorization === undefined && options.keysAuthorization !== '';
  if (isStored) refuseElsewhere(RED, dialog.id, options.source);
  const tls = typeof properties.tls === 'string' && addressOf(options.source) !== '' ? properties.tls : '';
  if (tls !== '' && !RED.nodes.getNode(tls)) throw new TrialRefused('issuer-undeployed');
  return { options, route: issuerRoute(RED, tls, options.keysAuthorization) };
}

function runningIssuer(RED: NodeAPI, id: string): OpenedForTrial | undefined {
  const issuer = openedIssuer(RED, id);
  return issuer && { name: RED.nodes.getNode(id).name ?? '', issuer, close: () => {} };
}

/** Who may try tokens need not be who may deploy: what is stored for one server is shown to no other. */
function refuseElsewhere(RED: NodeAPI, id: string, source: IssuerKeysSource): void {
  const address = addressOf(source);
  const deployed = openedIssuer(RED, id)?.options.source;
  if (address === '') return;
  if (deployed === undefined || originOf(addressOf(deployed)) !== originOf(address)) {
    throw new TrialRefused('issuer-undeployed');
  }
}

/** Where keys are asked for first; empty where nothing is fetched. */
function addressOf(source: IssuerKeysSource): string {
  if (source.kind === 'jwks') return source.uri;
  return source.kind === 'discovery' ? (source.url ?? source.issuer) : '';
}

function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : '';
}

function isUnchanged(RED: NodeAPI, { id, properties, credentials }: IssuerDialog): boolean {
  const deployed = deployedNode(RED, ISSUER_TYPE, id);
  if (deployed === undefined) return false;
  // the editor tells an empty field from one that it has not looked at
  const stored = Object(RED.nodes.getCredentials(id)) as Readonly<Record<string, unknown>>;
  if (Object.entries(credentials).some(([name, typed]) => typed !== (stored[name] ?? ''))) return false;
  const names = Object.keys(initialValues(ISSUER_SCHEMA)).filter((name) => name !== 'name');
  return names.every((name) => plain(name, properties) === plain(name, deployed));
}

/** A property in one spelling, whether a dialog's field or a flow file has it. */
function plain(name: string, properties: RawProperties): string {
  const schema: Schema = ISSUER_SCHEMA;
  const value = properties[name] ?? schema[name]?.absent ?? '';
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
