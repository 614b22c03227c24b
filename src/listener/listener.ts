import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import { ConfigurationError } from '../config/codes.js';
import { type ListenerOptions, onlyTenantOf } from '../config/listener-options.js';
import type { Endpoint, MessageHandler } from '../endpoint/endpoint.js';
import { Receivers } from '../endpoint/receivers.js';
import type { EndpointEvent, EndpointState, KeysEvent, StateEvent } from '../events/events.js';
import { ObservedState } from '../events/state.js';
import type { Admission } from '../handshake/admission.js';
import { answerUpgrade, type UpgradeSteps } from '../handshake/answer-upgrade.js';
import { RefusalsByClose } from '../handshake/refuse-by-close.js';
import { Rejection } from '../handshake/rejection.js';
import type { Upgrade } from '../handshake/upgrade.js';
import type { Claimant, PathParams } from '../handshake/upgrade-router.js';
import { Dispatch } from '../routing/dispatch.js';
import { Connection } from '../sessions/connection.js';
import { CLOSE } from '../sessions/endings.js';
import { startSessionTimer } from '../sessions/lifetime.js';
import { Membership } from '../sessions/membership.js';
import { createRateLimit } from '../sessions/rate-limit.js';
import { Registry } from '../sessions/registry.js';
import type { SessionIds } from '../sessions/session-id.js';
import type { Identity } from '../token/identity.js';
import { Backpressure } from './backpressure.js';
import { Condition } from './condition.js';
import { refused } from './refused.js';
import { socketServer } from './socket-server.js';

/** Sizes in bytes, times in milliseconds. */
export interface ListenerSettings {
  readonly pingIntervalMs: number;
  readonly maxBufferedBytes: number;
  /** Proxies in front of the server. */
  readonly trustProxy: number;
  /** Shared by all listeners of a runtime: a session of one proves its tenant to another. */
  readonly sessionIds: SessionIds;
}

/** A WebSocket endpoint on one path: checks who connects, knows who is connected, and sends inside its scope. */
export class Listener implements Endpoint, Claimant {
  readonly id: string;
  readonly path: string;
  readonly #options: ListenerOptions;
  readonly #settings: ListenerSettings;
  readonly #admission: Admission;
  readonly #steps: UpgradeSteps;
  readonly #server: WebSocketServer;
  readonly #registry = new Registry();
  readonly #members: Membership;
  readonly #backpressure = new Backpressure();
  readonly #dispatch: Dispatch;
  readonly #receivers: Receivers;
  readonly #state = new ObservedState();
  readonly #condition = new Condition();
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
    this.#options = options;
    this.#settings = settings;
    this.#admission = openAdmission((event) => this.#keysChanged(event));
    this.#members = new Membership(this.#registry, options);
    this.#steps = {
      trustProxy: settings.trustProxy,
      byClose: options.refusal === 'close' ? new RefusalsByClose() : undefined,
      decide: (request) => this.#admission.decide(request),
      admit: (identity) => this.#admit(identity),
      accept: (...accepted) => this.#accept(...accepted),
      refused: (rejection, address) => this.#state.emit(refused(rejection, address)),
    };
    this.#receivers = new Receivers(options.wholeMessage, (error) =>
      this.#state.emit({ kind: 'receive-failed', error }),
    );
    this.#server = socketServer(options.maxPayload);
    const dispatching = {
      ...settings,
      wholeMessage: options.wholeMessage,
      configured: options.scope,
      onlyTenant: onlyTenantOf(options),
    };
    this.#dispatch = new Dispatch(this.#registry, dispatching, () => this.#backpressure.resumeAll());
    this.#heartbeat = setInterval(() => {
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
    answerUpgrade(this.#server, { request, socket, head, params }, this.#steps);
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
    this.#state.close();
    this.#closeConnections();
    this.#steps.byClose?.close();
    this.#admission.close();
  }

  /** @throws Rejection */
  #admit(identity: Identity): void {
    if (this.#path === 'taken') throw new Rejection('unavailable', { problem: 'path-taken' });
    if (this.#closed || this.#path !== 'ours') throw new Rejection('unavailable');
    this.#members.checkRoom(identity);
  }

  #accept(socket: WebSocket, { socket: stream, params }: Upgrade, identity: Identity, address: string): void {
    const { scope, rateLimit } = this.#options;
    const { sessionIds, maxBufferedBytes } = this.#settings;
    const peer = { id: sessionIds.issue(identity.tenantId), identity, scope, address, params };
    const connection = new Connection(socket, stream, peer, maxBufferedBytes);
    const stopTimer = startSessionTimer(connection, this.#options);
    const withinRate = rateLimit === undefined ? undefined : createRateLimit(rateLimit);
    socket.on('message', (data, isBinary) => {
      if (connection.closing) return;
      if (withinRate?.() === false) connection.close(CLOSE.rateLimit);
      else this.#receivers.deliver(data as Buffer, isBinary, connection); // binaryType is nodebuffer
      if (this.#dispatch.needsDrain && !connection.closing) this.#backpressure.pause(connection);
    });
    socket.on('error', (error) => {
      connection.broken(error);
      this.#state.change({ kind: 'error', state: { kind: 'error' }, session: connection.session() });
    });
    socket.on('close', (code) => {
      stopTimer();
      this.#members.leave(connection);
      this.#backpressure.forget(connection);
      const who = { session: connection.session(), address };
      this.#tell({ kind: 'disconnect', state: this.#now(), ...who, ...connection.ending(code) });
    });
    this.#members.join(connection);
    this.#tell({ kind: 'connect', state: this.#now(), session: connection.session() });
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
  }
}
