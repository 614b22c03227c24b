import type { RawProperties } from '../../src/config/schema.js';
import type { TriedOrigin } from '../../src/trial/settings.js';
import type { TokenWish } from '../../src/trial/trial.js';
import type { TriedTenant } from '../../src/trial/try-issuer.js';
import type { DialogValues, IssuerDialog, ListenerDialog, TrialErrorCode } from './protocol.js';

/** What cannot be answered. The code is a key of the catalog's `errors`. */
export class TrialRefused extends Error {
  readonly code: TrialErrorCode;
  /** HTTP status to answer with. */
  readonly status: number;

  constructor(code: TrialErrorCode, status = 400) {
    super(code);
    this.name = 'TrialRefused';
    this.code = code;
    this.status = status;
  }
}

/** Largest body, in bytes: a token of 8 KiB several times over, and the few values of a dialog, key sets among them. */
const MAX_BYTES = 131_072;

/** Issuers that a listener may name. */
const MAX_ISSUERS = 4;

/** @throws TrialRefused */
export function readTrial(body: unknown) {
  const fields = fieldsOf(body);
  const { token, origin = '' } = fields;
  return { dialog: listenerOf(fields), token: textOf(token), origin: originOf(textOf(origin)) };
}

/** @throws TrialRefused */
export function readWish(body: unknown) {
  const fields = fieldsOf(body);
  return { dialog: listenerOf(fields), wish: wishOf(fields) };
}

/** @throws TrialRefused */
export function readIssuerTrial(body: unknown) {
  const fields = fieldsOf(body);
  const { token, tenantClaim } = fields;
  return { dialog: issuerOf(fields), token: textOf(token), tenant: tenantOf(textOf(tenantClaim)) };
}

/** @throws TrialRefused */
export function readIssuerWish(body: unknown) {
  const fields = fieldsOf(body);
  return {
    dialog: issuerOf(fields),
    wish: wishOf(fields),
    tenant: tenantOf(textOf(fields.tenantClaim)),
  };
}

/** @throws TrialRefused */
export function readFetch(body: unknown): IssuerDialog {
  return issuerOf(fieldsOf(body));
}

/** Node-RED has parsed the body, and reads up to 5 MB. */
function fieldsOf(body: unknown): RawProperties {
  if (!isObject(body)) throw new TrialRefused('bad-request');
  if (Buffer.byteLength(JSON.stringify(body)) > MAX_BYTES) throw new TrialRefused('bad-request', 413);
  return body;
}

function wishOf({ subject, tenantId, lifetimeSeconds }: RawProperties): TokenWish {
  if (typeof lifetimeSeconds !== 'number') throw new TrialRefused('bad-request');
  return { subject: textOf(subject), tenantId: textOf(tenantId), lifetimeSeconds };
}

function listenerOf(fields: RawProperties): ListenerDialog {
  const { jwtSecret, issuers = [] } = fields;
  if (!Array.isArray(issuers) || issuers.length > MAX_ISSUERS) throw new TrialRefused('bad-request');
  return {
    ...valuesOf(fields),
    ...(jwtSecret === undefined ? {} : { jwtSecret: textOf(jwtSecret) }),
    issuers: issuers.map(issuerOf),
  };
}

function issuerOf(fields: unknown): IssuerDialog {
  if (!isObject(fields)) throw new TrialRefused('bad-request');
  const { credentials } = fields;
  if (!isObject(credentials)) throw new TrialRefused('bad-request');
  const typed = Object.entries(credentials).map(([name, value]) => [name, textOf(value)]);
  return { ...valuesOf(fields), credentials: Object.fromEntries(typed) };
}

function valuesOf({ id, properties }: RawProperties): DialogValues {
  if (!isObject(properties)) throw new TrialRefused('bad-request');
  return { id: textOf(id), properties };
}

/** People paste the address of the page: browsers send less of it. */
function originOf(text: string): TriedOrigin {
  const origin = text.trim();
  if (origin === '') return { kind: 'unknown' };
  if (origin === 'none') return { kind: 'none' };
  const ofUrl = URL.canParse(origin) ? new URL(origin).origin : 'null';
  return { kind: 'page', origin: ofUrl === 'null' ? origin : ofUrl };
}

function tenantOf(claim: string): TriedTenant {
  const name = claim.trim();
  return name === '' ? { kind: 'unknown' } : { kind: 'claim', name };
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TrialRefused('bad-request');
  return value;
}

function isObject(value: unknown): value is RawProperties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
