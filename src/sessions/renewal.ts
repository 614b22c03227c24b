import { Rejection } from '../handshake/rejection.js';
import { PeerGone } from '../handshake/waiting-room.js';
import type { Identity } from '../token/identity.js';
import { authenticationToken } from '../wire/authentication.js';
import type { Connection } from './connection.js';
import { CLOSE } from './endings.js';

/** New tokens that a peer may show in a period: each costs a verification. */
const MAX_RENEWALS = 10;
const PERIOD_MS = 60_000;

/** Lets the peer of an open connection show a new token, for the same identity. */
export class Renewal {
  readonly #connection: Connection;
  readonly #verify: (token: string) => Identity | Promise<Identity>;
  readonly #admit: (identity: Identity) => void;
  readonly #renewed: () => void;
  #verifying = false;
  #periodStartedMs = Number.NEGATIVE_INFINITY;
  #count = 0;

  /**
   * @param verify throws or rejects with a Rejection, or PeerGone
   * @param admit final check, at the moment of the change; throws a Rejection
   * @param renewed called once the connection has the new identity
   */
  constructor(
    connection: Connection,
    verify: (token: string) => Identity | Promise<Identity>,
    admit: (identity: Identity) => void,
    renewed: () => void,
  ) {
    this.#connection = connection;
    this.#verify = verify;
    this.#admit = admit;
    this.#renewed = renewed;
  }

  /** @returns whether the message was a new token; it is the flow's else */
  take(data: Buffer, isBinary: boolean): boolean {
    const token = isBinary ? undefined : authenticationToken(data);
    if (token === undefined) return false;
    if (this.#verifying || !this.#withinRate()) this.#connection.close(CLOSE.tooManyRenewals);
    else void this.#renew(token);
    return true;
  }

  async #renew(token: string): Promise<void> {
    this.#verifying = true;
    try {
      this.#use(await this.#verify(token));
    } catch (error) {
      this.#refuse(error);
    } finally {
      this.#verifying = false;
    }
  }

  /** @throws Rejection */
  #use(identity: Identity): void {
    const connection = this.#connection;
    if (connection.closing) return; // by a deploy, or because the old token has expired meanwhile
    if (!isSameHolder(connection.identity, identity)) {
      connection.close(CLOSE.identityChanged);
      return;
    }
    if (!lastsLonger(identity, connection.identity)) throw new Rejection('token_invalid');
    this.#admit(identity);
    connection.renew(identity);
    this.#renewed();
  }

  #refuse(error: unknown): void {
    if (error instanceof PeerGone) return;
    const { told } = error instanceof Rejection ? error : new Rejection('verification_failed');
    this.#connection.tell({ type: 'unauthorized', ...told });
  }

  #withinRate(): boolean {
    const now = performance.now();
    if (now - this.#periodStartedMs >= PERIOD_MS) {
      this.#periodStartedMs = now;
      this.#count = 0;
    }
    this.#count += 1;
    return this.#count <= MAX_RENEWALS;
  }
}

/** Issuer, subject and tenant; that there is none counts as a value. */
function isSameHolder(before: Identity, after: Identity): boolean {
  return (
    before.tenantId === after.tenantId &&
    before.subject === after.subject &&
    before.claims.iss === after.claims.iss &&
    before.claims.sub === after.claims.sub
  );
}

function lastsLonger(after: Identity, before: Identity): boolean {
  const end = endOf(after);
  return end === Number.POSITIVE_INFINITY || end > endOf(before);
}

/** In milliseconds since the epoch; Infinity: never. */
function endOf({ expiresAt, claims: { exp } }: Identity): number {
  return expiresAt ?? (typeof exp === 'number' ? exp * 1000 : Number.POSITIVE_INFINITY);
}
