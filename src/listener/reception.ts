import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { ListenerOptions } from '../config/listener-options.js';
import type { Upgrade } from '../handshake/upgrade.js';
import type { Dispatch } from '../routing/dispatch.js';
import type { Taps } from '../routing/taps.js';
import { Arrival } from '../sessions/arrival.js';
import { Connection } from '../sessions/connection.js';
import { CLOSE, type Ending } from '../sessions/endings.js';
import { dateOf, expiryOf, Lifetime, secondsUntil } from '../sessions/lifetime.js';
import type { Membership } from '../sessions/membership.js';
import { createRateLimit } from '../sessions/rate-limit.js';
import { Renewal } from '../sessions/renewal.js';
import type { SessionIds } from '../sessions/session-id.js';
import type { Tally } from '../sessions/traffic.js';
import type { Identity } from '../token/identity.js';
import type { Backpressure } from './backpressure.js';
import type { Delivery } from './delivery.js';
import { Inbox } from './inbox.js';
import type { Standing } from './standing.js';

/** Sizes in bytes, times in milliseconds. */
export interface ReceptionSettings {
  readonly maxBufferedBytes: number;
  /** How long before its token expires a peer is told so; 0: it is not. */
  readonly expiryWarningMs: number;
  /** Shared by all listeners of a runtime: a session of one proves its tenant to another. */
  readonly sessionIds: SessionIds;
}

/** What connections of a listener have to do with. */
export interface House {
  readonly members: Membership;
  readonly dispatch: Dispatch;
  readonly delivery: Delivery;
  readonly backpressure: Backpressure;
  readonly standing: Standing;
  readonly taps: Taps;
  /** Counts what all peers send. */
  readonly received: Tally;
  /** Says who shows a token. Throws or rejects: a Rejection, or PeerGone. */
  authenticate(request: IncomingMessage, token: string): Identity | Promise<Identity>;
  /** Final check of a new token's identity. @throws Rejection */
  admit(identity: Identity): void;
}

/** Makes a connection of an open WebSocket whose peer is known, and serves it until it ends. */
export class Reception {
  readonly #options: ListenerOptions;
  readonly #settings: ReceptionSettings;
  readonly #house: House;
  readonly #renews: boolean;

  constructor(options: ListenerOptions, settings: ReceptionSettings, house: House) {
    this.#options = options;
    this.#settings = settings;
    this.#house = house;
    this.#renews = options.tokenSources.includes('message');
  }

  /** Seconds until a connection of this identity is closed because its token has expired; null: never. */
  expiresIn(identity: Identity): number | null {
    return secondsUntil(expiryOf(identity, this.#options));
  }

  receive(socket: WebSocket, upgrade: Upgrade, identity: Identity, address: string): void {
    const { scope } = this.#options;
    const { sessionIds, maxBufferedBytes } = this.#settings;
    const { members, delivery, backpressure, standing } = this.#house;
    const peer = {
      id: sessionIds.issue(identity.tenantId),
      identity,
      scope,
      address,
      params: upgrade.params,
    };
    const connection = new Connection(socket, upgrade.socket, peer, maxBufferedBytes);
    const lifetime = this.#startLifetime(connection);
    const inbox = new Inbox(connection, socket);
    this.#readMessages(socket, inbox, this.#renewalOf(connection, upgrade.request, lifetime));
    socket.on('error', (error) => {
      delivery.flush(inbox);
      connection.broken(error);
      standing.change({ kind: 'error', state: { kind: 'error' }, session: connection.session() });
    });
    socket.on('close', (code) => {
      delivery.flush(inbox);
      lifetime.stop();
      backpressure.forget(connection);
      this.farewell(connection, connection.ending(code));
    });
    members.join(connection);
    const handshakeMs = performance.now() - upgrade.startedMs;
    standing.tell({
      kind: 'connect',
      state: standing.now(),
      session: connection.session(),
      arrival: new Arrival(connection, upgrade.request),
      present: members.present(identity.tenantId),
      expiresAt: dateOf(expiryOf(identity, this.#options)),
      handshakeMs,
    });
  }

  /** Lets a connection go, and tells so, once. */
  farewell(connection: Connection, ending: Ending): void {
    const { members, standing } = this.#house;
    const { address, connectedAt, identity, traffic } = connection;
    members.leave(connection);
    if (!connection.depart()) return;
    const { received, sent } = traffic;
    standing.tell({
      kind: 'disconnect',
      state: standing.now(),
      session: connection.session(),
      address,
      ...ending,
      present: members.present(identity.tenantId),
      departure: { durationMs: Date.now() - connectedAt, received, sent },
    });
  }

  #readMessages(socket: WebSocket, inbox: Inbox, renewal: Renewal | undefined): void {
    const { rateLimit } = this.#options;
    const { delivery, dispatch, backpressure, received, taps } = this.#house;
    const { connection } = inbox;
    const withinRate = rateLimit === undefined ? undefined : createRateLimit(rateLimit);
    socket.on('message', (data, isBinary) => {
      if (connection.closing) return;
      const message = data as Buffer; // binaryType is nodebuffer
      if (withinRate?.() === false) {
        delivery.flush(inbox); // it was within the rate
        connection.close(CLOSE.rateLimit);
      } else if (renewal?.take(message, isBinary) !== true) {
        received.add(1, message.length);
        connection.traffic.countReceived(message.length);
        if (taps.any) taps.received(connection, message, isBinary);
        delivery.receive(inbox, message, isBinary);
      }
      if (dispatch.needsDrain && !connection.closing) backpressure.pause(connection);
    });
  }

  #startLifetime(connection: Connection): Lifetime {
    return new Lifetime(connection, this.#options, {
      beforeMs: this.#settings.expiryWarningMs,
      warn: (expiresIn) => {
        if (connection.closing) return;
        if (this.#renews) connection.tell({ type: 'expiring', expiresIn });
        this.#house.standing.emit({ kind: 'expiring', session: connection.session(), expiresIn });
      },
    });
  }

  #renewalOf(connection: Connection, request: IncomingMessage, lifetime: Lifetime): Renewal | undefined {
    if (!this.#renews) return undefined;
    const verify = (token: string) => this.#house.authenticate(request, token);
    return new Renewal(connection, verify, this.#house.admit, () => {
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
