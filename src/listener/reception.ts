import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { ListenerOptions } from '../config/listener-options.js';
import type { Upgrade } from '../handshake/upgrade.js';
import { Arrival } from '../sessions/arrival.js';
import { Connection } from '../sessions/connection.js';
import { dateOf, expiryOf, Lifetime, type LifetimeRules, secondsUntil } from '../sessions/lifetime.js';
import { createRateLimit } from '../sessions/rate-limit.js';
import { Renewal } from '../sessions/renewal.js';
import type { SessionIds } from '../sessions/session-id.js';
import type { Identity } from '../token/identity.js';
import { type House, Served } from './served.js';

/** Sizes in bytes, times in milliseconds. */
export interface ReceptionSettings {
  readonly maxBufferedBytes: number;
  /** How long before its token expires a peer is told so; 0: it is not. */
  readonly expiryWarningMs: number;
  /** Shared by all listeners of a runtime: a session of one proves its tenant to another. */
  readonly sessionIds: SessionIds;
}

/** What a new token on an open connection passes. */
export interface RenewalSteps {
  /** Says who shows a token. Throws or rejects: a Rejection, or PeerGone. */
  authenticate(request: IncomingMessage, token: string): Identity | Promise<Identity>;
  /** Final check of its identity. @throws Rejection */
  admit(identity: Identity): void;
}

/** Makes a connection of an open WebSocket whose peer is known. */
export class Reception {
  readonly #options: ListenerOptions;
  readonly #settings: ReceptionSettings;
  readonly #house: House;
  readonly #steps: RenewalSteps;
  readonly #renews: boolean;
  readonly #lifetimes: LifetimeRules;

  constructor(options: ListenerOptions, settings: ReceptionSettings, house: House, steps: RenewalSteps) {
    this.#options = options;
    this.#settings = settings;
    this.#house = house;
    this.#steps = steps;
    this.#renews = options.tokenSources.includes('message');
    this.#lifetimes = {
      options,
      warnBeforeMs: settings.expiryWarningMs,
      warn: (...warned) => this.#warn(...warned),
    };
  }

  /** Seconds until a connection of this identity is closed because its token has expired; null: never. */
  expiresIn(identity: Identity): number | null {
    return secondsUntil(expiryOf(identity, this.#options));
  }

  receive(socket: WebSocket, upgrade: Upgrade, identity: Identity, address: string): void {
    const { scope, rateLimit } = this.#options;
    const { sessionIds, maxBufferedBytes } = this.#settings;
    const { members, standing } = this.#house;
    const { request, params } = upgrade;
    const peer = { id: sessionIds.issue(identity.tenantId), identity, scope, address, params };
    const connection = new Connection(socket, upgrade.socket, peer, maxBufferedBytes);
    const lifetime = new Lifetime(connection, this.#lifetimes);
    const renewal = this.#renews ? this.#renewalOf(connection, request, lifetime) : undefined;
    const withinRate = rateLimit === undefined ? undefined : createRateLimit(rateLimit);
    new Served(socket, connection, this.#house, { lifetime, renewal, withinRate });
    members.join(connection);
    standing.tell({
      kind: 'connect',
      state: standing.now(),
      session: connection.session(),
      arrival: new Arrival(connection, request),
      present: members.present(identity.tenantId),
      expiresAt: dateOf(expiryOf(identity, this.#options)),
      handshakeMs: performance.now() - upgrade.startedMs,
    });
  }

  #warn(connection: Connection, expiresIn: number): void {
    if (connection.closing) return;
    if (this.#renews) connection.tell({ type: 'expiring', expiresIn });
    this.#house.standing.emit({ kind: 'expiring', session: connection.session(), expiresIn });
  }

  #renewalOf(connection: Connection, request: IncomingMessage, lifetime: Lifetime): Renewal {
    const { authenticate, admit } = this.#steps;
    const verify = (token: string) => authenticate(request, token);
    return new Renewal(connection, verify, admit, () => {
      lifetime.restart();
      const expiresIn = this.expiresIn(connection.identity);
      connection.tell({ type: 'authenticated', expiresIn });
      const { identity } = connection;
      const expiresAt = dateOf(expiryOf(identity, this.#options));
      const session = connection.session();
      this.#house.standing.emit({ kind: 'renewed', session, expiresIn, identity, expiresAt });
    });
  }
}
