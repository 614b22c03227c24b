import type { RawProperties } from '../../src/config/schema.js';
import type { TokenWish } from '../../src/trial/make-token.js';
import type { DialogValues, TrialErrorCode } from './protocol.js';

/** A request that no dialog of ours sends. */
export class BadRequest extends Error {
  readonly code: TrialErrorCode = 'bad-request';
  /** HTTP status to answer with. */
  readonly status: number;

  constructor(status: number) {
    super('bad request');
    this.name = 'BadRequest';
    this.status = status;
  }
}

/** Largest body, in bytes: a token of 8 KiB several times over, and the few values of a dialog. */
const MAX_BYTES = 65_536;

/** @throws BadRequest */
export function readTrial(body: unknown): { readonly dialog: DialogValues; readonly token: string } {
  const fields = fieldsOf(body);
  return { dialog: dialogOf(fields), token: textOf(fields.token) };
}

/** @throws BadRequest */
export function readWish(body: unknown): { readonly dialog: DialogValues; readonly wish: TokenWish } {
  const fields = fieldsOf(body);
  const { lifetimeSeconds } = fields;
  if (typeof lifetimeSeconds !== 'number') throw new BadRequest(400);
  return {
    dialog: dialogOf(fields),
    wish: { subject: textOf(fields.subject), tenantId: textOf(fields.tenantId), lifetimeSeconds },
  };
}

/** Node-RED has parsed the body, and reads up to 5 MB. */
function fieldsOf(body: unknown): RawProperties {
  if (!isObject(body)) throw new BadRequest(400);
  if (Buffer.byteLength(JSON.stringify(body)) > MAX_BYTES) throw new BadRequest(413);
  return body;
}

function dialogOf({ id, properties, jwtSecret }: RawProperties): DialogValues {
  if (!isObject(properties)) throw new BadRequest(400);
  return {
    id: textOf(id),
    properties,
    ...(jwtSecret === undefined ? {} : { jwtSecret: textOf(jwtSecret) }),
  };
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new BadRequest(400);
  return value;
}

function isObject(value: unknown): value is RawProperties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
