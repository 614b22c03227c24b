import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import { ConfigurationError } from '../config/codes.js';
import type { ListenerOptions } from '../config/listener-options.js';
import type { Endpoint, MessageHandler } from '../endpoint/endpoint.js';
import { Receivers } from '../endpoint/receivers.js';
import type { EndpointEvent, EndpointState, KeysEvent, StateEvent } from '../events/events.js';
import { ObservedState } from '../events/state.js';
import type { Admission } from '../handshake/admission.js';
import { answerUpgrade, type UpgradeSteps } from '../handshake/answer-upgrade.js';
import { type Decision, PENDING } from '../handshake/decide.js';
import { RefusalsByClose } from '../handshake/refuse-by-close.js';
import { Rejection } from '../handshake/rejection.js';
import type { Upgrade } from '../handshake/upgrade.js';
import type { Claimant, PathParams } from '../handshake/upgrade-router.js';
import { Dispatch } from '../routing/dispatch.js';
import { CLOSE } from '../sessions/endings.js';
import { Membership } from '../sessions/membership.js';
import type { PendingSettings } from '../sessions/pending-peer.js';
import { PendingPeers } from '../sessions/pending-peers.js';
import { Registry } from '../sessions/registry.js';
import { Backpressure } from './backpressure.js';
import { Condition } from './condition.js';
import { Delivery } from './delivery.js';
import { Reception, type ReceptionSettings } from './reception.js';
import { refused } from './refused.js';
import { socketServer } from './socket-server.js';

/** Sizes in bytes, times in milliseconds. */
export interface ListenerSettings extends ReceptionSettings, PendingSettings {
  readonly pingIntervalMs: number;
  /** Proxies in front of the server. */
  readonly trustProxy: number;
}

/** A WebSocket endpoint on one path: checks who connects, knows who is connected, and sends inside its scope. */
export class Listener implements Endpoint, Claimant {
  readonly id: string;
  readonly path: string;
  readonly #settings: ListenerSettings;
  readonly #admission: Admission;
  readonly #steps: UpgradeSteps;
  readonly #server: WebSocketServer;
  readonly #registry = new Registry();
  readonly #members: Membership;
  readonly #backpressure = new Backpressure();
  readonly #dispatch: Dispatch;
  readonly #receivers: Receivers;
  readonly #delivery: Delivery;
  readonly #state = new ObservedState();
  readonly #condition = new Condition();
  readonly #reception: Reception;
  readonly #pending: PendingPeers | undefined;
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
    this.#settings = settings;
    this.#admission = openAdmission((event) => this.#keysChanged(event));
    this.#members = new Membership(this.#registry, options);
    this.#steps = {
      trustProxy: settings.trustProxy,
      byClose: options.refusal === 'close' ? new RefusalsByClose() : undefined,
      decide: (request) => this.#admission.decide(request),
      admit: (decision) => this.#admit(decision),
      accept: (...accepted) => this.#accept(...accepted),
      refused: (rejection, address) => this.#state.emit(refused(rejection, address)),
    };
    this.#receivers = new Receivers(options.wholeMessage, (error) =>
      this.#state.emit({ kind: 'receive-failed', error }),
    );
    this.#delivery = new Delivery(this.#receivers);
    this.#server = socketServer(options.maxPayload);
    this.#dispatch = new Dispatch(this.#registry, options, settings, () => this.#backpressure.resumeAll());
    this.#reception = new Reception(options, settings, {
      members: this.#members,
      dispatch: this.#dispatch,
      delivery: this.#delivery,
      backpressure: this.#backpressure,
      authenticate: (...shown) => this.#admission.authenticate(...shown),
      now: () => this.#now(),
      tell: (event) => this.#tell(event),
      change: (event) => this.#state.change(event),
      emit: (event) => this.#state.emit(event),
    });
    if (options.tokenSources.includes('message')) this.#pending = this.#openPending();
    this.#heartbeat = setInterval(() => {
      this.#pending?.checkAlive();
      for (const connection of this.#registry.all()) connection.checkAlive();
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
    if (!isOwner) {
      this.#closeConnections();
      this.#state.change({ kind: 'state', state: { kind: 'misconfigured', code: 'path-taken' } });
    } else if (before === 'taken') {
      this.#state.change({ kind: 'state', state: this.#now() });
    }
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, params?: PathParams): void {
    const startedMs = performance.now();
    answerUpgrade(this.#server, { request, socket, head, params, startedMs }, this.#steps);
  }

  send(message: Readonly<Record<string, unknown>>, done: (error?: Error) => void): void {
    const { current } = this.#state;
    if (current.kind === 'misconfigured') done(new ConfigurationError(current.code));
    else this.#dispatch.send(message, done);
  }

  /** Ends every connection, refuses what is still being decided, and lets go of all timers. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#heartbeat);
    this.#dispatch.close();
    this.#receivers.close();
    this.#delivery.close();
    this.#state.close();
    this.#closeConnections();
    this.#steps.byClose?.close();
    this.#admission.close();
  }

  /** @throws Rejection */
  #admit(decision: Decision): void {
    if (this.#path === 'taken') throw new Rejection('unavailable', { problem: 'path-taken' });
    if (this.#closed || this.#path !== 'ours') throw new Rejection('unavailable');
    if (decision === PENDING) this.#pending?.checkRoom();
    else this.#members.checkRoom(decision);
  }

  #accept(socket: WebSocket, upgrade: Upgrade, decision: Decision, address: string): void {
    if (decision === PENDING) this.#pending?.hold(socket, upgrade, address);
    else this.#reception.receive(socket, upgrade, decision, address);
  }

  #openPending(): PendingPeers {
    return new PendingPeers(this.#settings, {
      authenticate: (...shown) => this.#admission.authenticate(...shown),
      admit: (identity) => this.#admit(identity),
      accept: (...accepted) => this.#reception.receive(...accepted),
      refused: this.#steps.refused,
      expiresIn: (identity) => this.#reception.expiresIn(identity),
    });
  }

  #keysChanged(event: KeysEvent): void {
    this.#state.emit(event);
    if (!this.#condition.keysChanged(event) || this.#path === 'taken') return;
    this.#state.change({ kind: 'state', state: this.#now() });
  }

  /** What happens to connections is news while they are ours to have. */
  #tell(event: StateEvent): void {
    if (!this.#closed && this.#path === 'ours') this.#state.change(event);
  }

  #now(): EndpointState {
    return this.#condition.state(this.#registry.size);
  }

  #closeConnections(): void {
    for (const connection of this.#registry.all()) connection.close(CLOSE.serviceRestart);
    this.#pending?.close();
  }
}
