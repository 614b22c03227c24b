import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Cluster } from '../cluster/cluster.js';
import { ConfigurationError } from '../config/codes.js';
import type { ListenerOptions } from '../config/listener-options.js';
import type { Narrowing } from '../config/out-options.js';
import type { ControlOutcome, ControlRequest } from '../endpoint/control.js';
import type { Endpoint, MessageHandler } from '../endpoint/endpoint.js';
import { Receivers } from '../endpoint/receivers.js';
import type { EndpointEvent, EndpointState } from '../events/events.js';
import type { Claimant, PathParams } from '../handshake/upgrade-router.js';
import { Dispatch, type Way } from '../routing/dispatch.js';
import { type Tap, Taps } from '../routing/taps.js';
import { CLOSE } from '../sessions/endings.js';
import type { Connected } from '../sessions/registry.js';
import { type RevocationStore, Revocations } from '../sessions/revocations.js';
import { type Amount, Tally } from '../sessions/traffic.js';
import type { Identity } from '../token/identity.js';
import { Backpressure } from './backpressure.js';
import { type Seated, takeSeat } from './cluster-seat.js';
import { Control } from './control.js';
import { Delivery } from './delivery.js';
import { Entrance, type EntranceSettings, type OpenAdmission } from './entrance.js';
import { Reception, type ReceptionSettings } from './reception.js';
import { farewell, type House } from './served.js';
import { Standing } from './standing.js';

/** Sizes in bytes, times in milliseconds. */
export interface ListenerSettings extends ReceptionSettings, EntranceSettings {
  readonly pingIntervalMs: number;
  /** Where the listener keeps which tokens are revoked. */
  readonly revocationStore: RevocationStore;
  /** Those that serve the same path elsewhere. */
  readonly cluster?: Cluster | undefined;
  /** Told of every event from the first on: those about keys may come while the listener is made. */
  readonly observer?: ((event: EndpointEvent) => void) | undefined;
}

/** A WebSocket endpoint on one path: checks who connects, knows who is connected, and sends inside its scope. */
export class Listener implements Endpoint, Claimant {
  readonly id: string;
  readonly path: string;
  readonly #seated: Seated;
  readonly #standing = new Standing(() => this.#seated.registry.size);
  readonly #revocations: Revocations;
  readonly #entrance: Entrance;
  readonly #receivers: Receivers;
  readonly #house: House;
  readonly #control: Control;
  readonly #heartbeat: NodeJS.Timeout;

  constructor(
    claim: { readonly id: string; readonly path: string },
    options: ListenerOptions,
    settings: ListenerSettings,
    openAdmission: OpenAdmission,
  ) {
    this.id = claim.id;
    this.path = claim.path;
    const standing = this.#standing;
    if (settings.observer !== undefined) standing.observe(settings.observer);
    this.#seated = takeSeat(settings.cluster, claim.path, options, {
      deliver: (...message) => this.#house.dispatch.deliver(...message),
      isBusy: () => this.#house.dispatch.needsDrain,
      changed: (state) => standing.clusterChanged(state),
    });
    const { registry: connected, members, seat } = this.#seated;
    const backpressure = new Backpressure(() => seat?.drained());
    const revocations = new Revocations(settings.revocationStore, () =>
      standing.emit({ kind: 'revocations-failed' }),
    );
    this.#revocations = revocations;
    this.#receivers = new Receivers(options.wholeMessage, (error) =>
      standing.emit({ kind: 'receive-failed', error }),
    );
    const taps = new Taps();
    const dispatch = new Dispatch(connected, options, settings, {
      taps,
      drained: () => backpressure.resumeAll(),
      failed: (code) => standing.emit({ kind: 'send-failed', code }),
      elsewhere: seat,
    });
    this.#control = new Control(options, { connected, revocations, sessionIds: settings.sessionIds });
    this.#house = {
      members,
      standing,
      backpressure,
      dispatch,
      delivery: new Delivery(this.#receivers),
      received: new Tally(),
      taps,
    };
    const reception = new Reception(options, settings, this.#house, {
      authenticate: (...shown) => this.#entrance.authenticate(...shown),
      admit: (identity) => revocations.check(identity),
    });
    const ready = seat && (({ tenantId }: Identity) => seat.ready(tenantId));
    const inside = { standing, members, revocations, reception, ready };
    this.#entrance = new Entrance(options, settings, inside, openAdmission);
    if (settings.cluster !== undefined) standing.clusterChanged(settings.cluster.state);
    this.#heartbeat = setInterval(() => {
      this.#entrance.checkAlive();
      for (const connection of connected.all()) connection.checkAlive();
    }, settings.pingIntervalMs);
  }

  get state(): EndpointState {
    return this.#standing.current;
  }

  /** Who is connected. */
  get connected(): Connected {
    return this.#seated.registry;
  }

  /** What came from all peers, and what was sent to them, since the listener was made: it never goes down. */
  get traffic(): { readonly received: Amount; readonly sent: Amount } {
    return { received: this.#house.received, sent: this.#house.dispatch.sent };
  }

  /** What a flow has sent and no socket has got yet, in bytes: each message once. */
  get queuedBytes(): number {
    return this.#house.dispatch.queuedBytes;
  }

  /** Shows messages to `tap` as they go by, until the returned function is called. */
  tap(tap: Tap): () => void {
    return this.#house.taps.add(tap);
  }

  start(): void {} // it serves its peers whether a flow listens or not

  attach(handle: MessageHandler): () => void {
    return this.#receivers.attach(handle);
  }

  observe(observer: (event: EndpointEvent) => void): () => void {
    return this.#standing.observe(observer);
  }

  setOwner(isOwner: boolean): void {
    if (isOwner) this.#seated.seat?.enter();
    this.#standing.setOwner(isOwner, () => {
      this.#seated.seat?.leave();
      this.#closeConnections();
    });
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, params?: PathParams): void {
    this.#entrance.handleUpgrade(request, socket, head, params);
  }

  send(message: Readonly<Record<string, unknown>>, done: (error?: Error) => void): void {
    this.#send(message, done);
  }

  narrowed(narrowing: Narrowing): Endpoint['send'] {
    const way = this.#house.dispatch.narrowed(narrowing);
    return (message, done) => this.#send(message, done, way);
  }

  control(request: ControlRequest): ControlOutcome | Promise<ControlOutcome> {
    const { current } = this.#standing;
    if (current.kind === 'misconfigured') throw new ConfigurationError(current.code);
    return this.#control.do(request);
  }

  /**
   * Ends every connection, refuses what is still being decided, and lets go of all timers, at once.
   * @returns resolves when what is revoked is saved
   */
  close(): Promise<void> {
    clearInterval(this.#heartbeat);
    this.#seated.close();
    this.#house.dispatch.close();
    this.#receivers.close();
    this.#house.delivery.close();
    this.#closeConnections();
    this.#standing.close();
    this.#entrance.close();
    return this.#revocations.settled();
  }

  #send(message: Readonly<Record<string, unknown>>, done: (error?: Error) => void, way?: Way): void {
    const { current } = this.#standing;
    if (current.kind === 'misconfigured') done(new ConfigurationError(current.code));
    else this.#house.dispatch.send(message, done, way);
  }

  #closeConnections(): void {
    for (const connection of this.#seated.registry.all()) {
      connection.close(CLOSE.serviceRestart);
      const ending = connection.ending(CLOSE.serviceRestart.code);
      // whoever was about to close has not said how
      farewell(this.#house, connection, ending.by === 'peer' ? CLOSE.serviceRestart : ending);
    }
    this.#entrance.closePending();
  }
}
