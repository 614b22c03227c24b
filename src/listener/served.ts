import type { WebSocket } from 'ws';
import type { Dispatch } from '../routing/dispatch.js';
import type { Taps } from '../routing/taps.js';
import type { Connection } from '../sessions/connection.js';
import { CLOSE, type Ending } from '../sessions/endings.js';
import type { Lifetime } from '../sessions/lifetime.js';
import type { Membership } from '../sessions/membership.js';
import type { Renewal } from '../sessions/renewal.js';
import type { Tally } from '../sessions/traffic.js';
import type { Backpressure } from './backpressure.js';
import type { Delivery } from './delivery.js';
import { Inbox } from './inbox.js';
import type { Standing } from './standing.js';

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
}

/** What looks at one connection. */
interface Watchers {
  readonly lifetime: Lifetime;
  /** Absent: no new token is taken from messages. */
  readonly renewal: Renewal | undefined;
  /** Takes one message: false where there is no room for it; absent: there always is. */
  readonly withinRate: (() => boolean) | undefined;
}

/** Where a socket keeps who serves it, so that three functions do for all sockets: a closure for each would stay as long as it does. */
const SERVED = Symbol('served');

interface ServedSocket extends WebSocket {
  [SERVED]: Served;
}

/** A connection at work: what its peer sends goes to the flow, until it ends. */
export class Served {
  readonly #connection: Connection;
  readonly #house: House;
  readonly #inbox: Inbox;
  readonly #lifetime: Lifetime;
  readonly #renewal: Renewal | undefined;
  readonly #withinRate: (() => boolean) | undefined;

  /** Begins to serve. */
  constructor(socket: WebSocket, connection: Connection, house: House, watchers: Watchers) {
    this.#connection = connection;
    this.#house = house;
    this.#inbox = new Inbox(connection, socket);
    this.#lifetime = watchers.lifetime;
    this.#renewal = watchers.renewal;
    this.#withinRate = watchers.withinRate;
    (socket as ServedSocket)[SERVED] = this;
    socket.on('message', heard).on('error', failed).on('close', closed);
  }

  /** The peer has sent a message. */
  take(message: Buffer, isBinary: boolean): void {
    const connection = this.#connection;
    if (connection.closing) return;
    const { delivery, dispatch, backpressure, received, taps } = this.#house;
    if (this.#withinRate?.() === false) {
      delivery.flush(this.#inbox); // it was within the rate
      connection.close(CLOSE.rateLimit);
    } else if (this.#renewal?.take(message, isBinary) !== true) {
      received.add(1, message.length);
      connection.traffic.countReceived(message.length);
      if (taps.any) taps.received(connection, message, isBinary);
      delivery.receive(this.#inbox, message, isBinary);
    }
    if (dispatch.needsDrain && !connection.closing) backpressure.pause(connection);
  }

  /** The peer has sent what cannot be read. */
  broken(error: Error): void {
    const { delivery, standing } = this.#house;
    delivery.flush(this.#inbox);
    this.#connection.broken(error);
    standing.change({ kind: 'error', state: { kind: 'error' }, session: this.#connection.session() });
  }

  /** The socket is closed. @param code of the close frame (RFC 6455 §7.4) */
  end(code: number): void {
    const { delivery, backpressure } = this.#house;
    const connection = this.#connection;
    delivery.flush(this.#inbox);
    this.#lifetime.stop();
    backpressure.forget(connection);
    farewell(this.#house, connection, connection.ending(code));
  }
}

function heard(this: WebSocket, data: unknown, isBinary: boolean): void {
  (this as ServedSocket)[SERVED].take(data as Buffer, isBinary); // binaryType is nodebuffer
}

function failed(this: WebSocket, error: Error): void {
  (this as ServedSocket)[SERVED].broken(error);
}

function closed(this: WebSocket, code: number): void {
  (this as ServedSocket)[SERVED].end(code);
}

/** Lets a connection go, and tells so, once. */
export function farewell({ members, standing }: House, connection: Connection, ending: Ending): void {
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
