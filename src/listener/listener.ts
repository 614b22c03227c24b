import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocketServer } from 'ws';
import type { Cluster } from '../cluster/cluster.js';
import type { ClusterState } from '../cluster/cluster-state.js';
import { ConfigurationError } from '../config/codes.js';
import type { ListenerOptions } from '../config/listener-options.js';
import type { Endpoint, MessageHandler } from '../endpoint/endpoint.js';
import { Receivers } from '../endpoint/receivers.js';
import type { EndpointEvent, EndpointState, KeysEvent, StateEvent } from '../events/events.js';
import { ObservedState } from '../events/state.js';
import type { Admission } from '../handshake/admission.js';
import { type Decision, PENDING } from '../handshake/decide.js';
import { Rejection } from '../handshake/rejection.js';
import type { Claimant, PathParams } from '../handshake/upgrade-router.js';
import { Dispatch } from '../routing/dispatch.js';
import { CLOSE } from '../sessions/endings.js';
import { Backpressure } from './backpressure.js';
import { type Seated, takeSeat } from './cluster-seat.js';
import { Condition } from './condition.js';
import { Delivery } from './delivery.js';
import { Door, type DoorSettings } from './door.js';
import { Reception, type ReceptionSettings } from './reception.js';
import { refused } from './refused.js';
import { socketServer } from './socket-server.js';

/** Sizes in bytes, times in milliseconds. */
export interface ListenerSettings extends ReceptionSettings, DoorSettings {
  readonly pingIntervalMs: number;
  /** Those that serve the same path elsewhere. */
  readonly cluster?: Cluster | undefined;
}

/** A WebSocket endpoint on one path: checks who connects, knows who is connected, and sends inside its scope. */
export class Listener implements Endpoint, Claimant {
  readonly id: string;
  readonly path: string;
  readonly #door: Door;
  readonly #server: WebSocketServer;
  readonly #seated: Seated;
  readonly #backpressure = new Backpressure(() => this.#seated.seat?.drained());
  readonly #dispatch: Dispatch;
  readonly #receivers: Receivers;
  readonly #delivery: Delivery;
  readonly #state = new ObservedState();
  readonly #condition = new Condition();
  readonly #reception: Reception;
  readonly #heartbeat: NodeJS.Timeout;
  /** Whose the path is: settled when a deploy is complete. */
  #path: 'unsettled' | 'ours' | 'taken' = 'unsettled';
  #closed = false;

  /** @param openAdmission gets where to report what happens to the keys */
  constructor(
    claim: { readonly id: string; readonly path: string },
    options: ListenerOptions,
    settings: ListenerSettings,
    openAdmission: (emit: (event: KeysEvent) => void) => Admission,
  ) {
    this.id = claim.id;
    this.path = claim.path;
    this.#seated = takeSeat(settings.cluster, claim.path, options, {
      deliver: (...message) => this.#dispatch.deliver(...message),
      isBusy: () => this.#dispatch.needsDrain,
      changed: (state) => this.#clusterChanged(state),
    });
    const { registry, members, seat } = this.#seated;
    const admission = openAdmission((event) => this.#keysChanged(event));
    this.#door = new Door(options, settings, admission, {
      admit: (decision) => this.#admit(decision),
      ready: (identity) => seat?.ready(identity.tenantId),
      receive: (...peer) => this.#reception.receive(...peer),
      expiresIn: (identity) => this.#reception.expiresIn(identity),
      refused: (rejection, address) => this.#state.emit(refused(rejection, address)),
    });
    this.#receivers = new Receivers(options.wholeMessage, (error) =>
      this.#state.emit({ kind: 'receive-failed', error }),
    );
    this.#delivery = new Delivery(this.#receivers);
    this.#server = socketServer(options.maxPayload);
    this.#dispatch = new Dispatch(registry, options, settings, () => this.#backpressure.resumeAll(), seat);
    this.#reception = new Reception(options, settings, {
      members,
      dispatch: this.#dispatch,
      delivery: this.#delivery,
      backpressure: this.#backpressure,
      authenticate: (...shown) => this.#door.authenticate(...shown),
      now: () => this.#now(),
      tell: (event) => this.#tell(event),
      change: (event) => this.#state.change(event),
      emit: (event) => this.#state.emit(event),
    });
    if (settings.cluster !== undefined) this.#clusterChanged(settings.cluster.state);
    this.#heartbeat = setInterval(() => {
      this.#door.checkAlive();
      for (const connection of registry.all()) connection.checkAlive();
    }, settings.pingIntervalMs);
  }

  get state(): EndpointState {
    return this.#state.current;
  }

  start(): void {} // it serves its peers whether a flow listens or not

  attach(handle: MessageHandler): () => void {
    return this.#receivers.attach(handle);
  }

  observe(observer: (event: EndpointEvent) => void): () => void {
    return this.#state.observe(observer);
  }

  setOwner(isOwner: boolean): void {
    const before = this.#path;
    this.#path = isOwner ? 'ours' : 'taken';
    if (this.#path === before) return;
    if (isOwner) this.#seated.seat?.enter();
    if (!isOwner) {
      this.#seated.seat?.leave();
      this.#closeConnections();
      this.#state.change({ kind: 'state', state: { kind: 'misconfigured', code: 'path-taken' } });
    } else if (before === 'taken') {
      this.#state.change({ kind: 'state', state: this.#now() });
    }
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, params?: PathParams): void {
    this.#door.answer(this.#server, { request, socket, head, params });
  }

  send(message: Readonly<Record<string, unknown>>, done: (error?: Error) => void, isLocal?: boolean): void {
    const { current } = this.#state;
    if (current.kind === 'misconfigured') done(new ConfigurationError(current.code));
    else this.#dispatch.send(message, done, isLocal);
  }

  /** Ends every connection, refuses what is still being decided, and lets go of all timers. */
  close(): void {
    this.#closed = true;
    this.#seated.close();
    clearInterval(this.#heartbeat);
    this.#dispatch.close();
    this.#receivers.close();
    this.#delivery.close();
    this.#state.close();
    this.#closeConnections();
    this.#door.close();
  }

  /** @throws Rejection */
  #admit(decision: Decision): void {
    if (this.#path === 'taken') throw new Rejection('unavailable', { problem: 'path-taken' });
    if (this.#closed || this.#path !== 'ours') throw new Rejection('unavailable');
    if (decision === PENDING) this.#door.checkPendingRoom();
    else this.#seated.members.checkRoom(decision);
  }

  #keysChanged(event: KeysEvent): void {
    this.#state.emit(event);
    this.#conditionChanged(this.#condition.keysChanged(event));
  }

  #clusterChanged(state: ClusterState): void {
    this.#conditionChanged(this.#condition.clusterChanged(state));
  }

  #conditionChanged(isAnother: boolean): void {
    if (isAnother && this.#path !== 'taken') this.#state.change({ kind: 'state', state: this.#now() });
  }

  /** What happens to connections is news while they are ours to have. */
  #tell(event: StateEvent): void {
    if (!this.#closed && this.#path === 'ours') this.#state.change(event);
  }

  #now(): EndpointState {
    return this.#condition.state(this.#seated.registry.size);
  }

  #closeConnections(): void {
    for (const connection of this.#seated.registry.all()) connection.close(CLOSE.serviceRestart);
    this.#door.closePending();
  }
}
