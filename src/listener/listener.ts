import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { ConfigurationError } from '../config/codes.js';
import { type ListenerOptions, onlyTenantOf } from '../config/listener-options.js';
import type { Endpoint, EndpointEvent, EndpointState, Receiver } from '../endpoint/endpoint.js';
import { Receivers } from '../endpoint/receivers.js';
import { SendError } from '../endpoint/send-error.js';
import { ObservedState } from '../events/state.js';
import { answerUpgrade, type Gatekeeper } from '../handshake/answer-upgrade.js';
import { Rejection } from '../handshake/rejection.js';
import type { Claimant } from '../handshake/upgrade-router.js';
import { Handshake, type HandshakeOptions } from '../handshake/waiting-room.js';
import { FanOut } from '../routing/fan-out.js';
import { resolveScope, type ScopeContext } from '../routing/recipients.js';
import { CLOSE, Connection } from '../sessions/connection.js';
import { startSessionTimer } from '../sessions/lifetime.js';
import { startHeartbeat } from '../sessions/liveness.js';
import { createRateLimit } from '../sessions/rate-limit.js';
import { Registry } from '../sessions/registry.js';
import type { Identity } from '../token/identity.js';
import { encode } from '../wire/message.js';
import { type ServerFrame, serverFrame } from '../wire/server-frame.js';

/** What a listener wants somebody to know of. Nothing here quotes a peer. */
export interface ListenerReporter {
  /** An upgrade was refused. `address` is the peer's, as the socket gives it. */
  refused(rejection: Rejection, address: string): void;
  /** A receiver threw on a peer's message. */
  receiverFailed(error: unknown): void;
  /** The path belongs to another listener, or does again. */
  pathTaken(): void;
}

/** What every listener of a runtime shares; sizes in bytes, times in milliseconds. */
export interface ListenerLimits {
  readonly pingIntervalMs: number;
  readonly maxBufferedBytes: number;
}

/** A peer that does not answer our close frame is cut off after this time. */
const CLOSE_TIMEOUT_MS = 2000;

interface Outbound {
  readonly frame: ServerFrame;
  readonly audience: ReadonlySet<Connection>;
}

/** A WebSocket endpoint on one path: checks who connects, knows who is connected, and sends inside its scope. */
export class Listener implements Endpoint, Claimant {
  readonly id: string;
  readonly path: string;
  readonly #options: ListenerOptions;
  readonly #limits: ListenerLimits;
  readonly #reporter: ListenerReporter;
  readonly #gatekeeper: Gatekeeper;
  readonly #server: WebSocketServer;
  readonly #registry = new Registry();
  readonly #fanOut = new FanOut(() => this.#goOn());
  readonly #heldBack = new Set<Connection>();
  readonly #receivers: Receivers;
  readonly #state = new ObservedState();
  readonly #scopeContext: ScopeContext;
  readonly #stopHeartbeat: () => void;
  #owner: boolean | undefined;
  #closed = false;

  constructor(
    claim: { readonly id: string; readonly path: string },
    options: ListenerOptions,
    limits: ListenerLimits,
    handshake: HandshakeOptions,
    reporter: ListenerReporter,
  ) {
    this.id = claim.id;
    this.path = claim.path;
    this.#options = options;
    this.#limits = limits;
    this.#reporter = reporter;
    const deciding = new Handshake(handshake);
    this.#gatekeeper = {
      decide: (request) => deciding.decide(request),
      admit: ({ tenantId }) => this.#admit(tenantId),
      accept: (webSocket, stream, identity) => this.#accept(webSocket, stream, identity),
      refused: (rejection, address) => reporter.refused(rejection, address),
    };
    this.#receivers = new Receivers(options.wholeMessage, (error) => reporter.receiverFailed(error));
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: options.maxPayload,
      closeTimeout: CLOSE_TIMEOUT_MS,
    } as ConstructorParameters<typeof WebSocketServer>[0]); // @types/ws does not know closeTimeout yet
    this.#scopeContext = {
      configured: options.scope,
      onlyTenant: onlyTenantOf(options),
      tenantOf: (id) => this.#registry.get(id)?.identity.tenantId,
    };
    this.#stopHeartbeat = startHeartbeat(limits.pingIntervalMs, () => {
      for (const connection of this.#registry.all()) connection.checkAlive();
    });
  }

  get state(): EndpointState {
    return this.#state.current;
  }

  attach(receive: Receiver): () => void {
    return this.#receivers.attach(receive);
  }

  observe(observe: (event: EndpointEvent) => void): () => void {
    return this.#state.observe(observe);
  }

  setOwner(owner: boolean): void {
    const before = this.#owner;
    if (owner === before) return;
    this.#owner = owner;
    if (!owner) {
      this.#closeConnections();
      this.#state.change({ event: 'error', state: { kind: 'misconfigured', code: 'path-taken' } });
      this.#reporter.pathTaken();
    } else if (before !== undefined) {
      this.#state.change({ state: { kind: 'idle' } });
    }
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    answerUpgrade(this.#server, { request, socket, head }, this.#gatekeeper);
  }

  send(message: Readonly<Record<string, unknown>>, done: (error?: Error) => void): void {
    let outbound: Outbound | undefined;
    try {
      outbound = this.#address(message);
    } catch (error) {
      done(error as Error); // #address throws nothing else
      return;
    }
    if (outbound === undefined) done();
    else this.#fanOut.send(outbound.frame, outbound.audience, done);
  }

  /** Ends every connection, refuses what is still being decided, and lets go of all timers. */
  close(): void {
    this.#closed = true;
    this.#stopHeartbeat();
    this.#fanOut.close();
    this.#receivers.close();
    this.#state.close();
    this.#closeConnections();
  }

  /** What is sent, and to whom; undefined where there is nothing to send. */
  #address(message: Readonly<Record<string, unknown>>): Outbound | undefined {
    const { current } = this.#state;
    if (current.kind === 'misconfigured') throw new ConfigurationError(current.code);
    const outbound = encode(message, this.#options.wholeMessage);
    if (outbound === undefined) return undefined;
    const audience = this.#registry.select(resolveScope(message._session, this.#scopeContext));
    const frame = serverFrame(outbound.payload, outbound.isBinary);
    if (frame.bytes.length > this.#limits.maxBufferedBytes) throw new SendError('send-too-large');
    return { frame, audience };
  }

  /** @throws Rejection */
  #admit(tenantId: string | null): void {
    if (this.#closed || this.#owner !== true) throw new Rejection('unavailable');
    const { maxConnections } = this.#options;
    if (maxConnections !== undefined && this.#registry.countOf(tenantId) >= maxConnections) {
      throw new Rejection('too_many_connections');
    }
  }

  #accept(socket: WebSocket, stream: Duplex, identity: Identity): void {
    const { scope, rateLimit } = this.#options;
    const connection = new Connection(socket, stream, identity, scope, this.#limits.maxBufferedBytes);
    const stopTimer = startSessionTimer(connection, this.#options);
    const withinRate = rateLimit === undefined ? undefined : createRateLimit(rateLimit);
    socket.on('message', (data, isBinary) => {
      if (connection.closing) return;
      if (withinRate?.() === false) connection.close(...CLOSE.rateLimit);
      else this.#receivers.deliver(data as Buffer, isBinary, connection); // binaryType is nodebuffer
      if (this.#fanOut.backlogged && !connection.closing) {
        this.#heldBack.add(connection);
        connection.holdBack();
      }
    });
    socket.on('error', () => {
      this.#state.change({
        event: 'error',
        state: { kind: 'error' },
        session: connection.session(),
      });
    });
    socket.on('close', () => {
      stopTimer();
      this.#registry.delete(connection);
      this.#heldBack.delete(connection);
      this.#countChanged('disconnect', connection);
    });
    this.#registry.add(connection);
    this.#countChanged('connect', connection);
  }

  /** Reads on from the peers that were held back while too much was to be sent. */
  #goOn(): void {
    for (const connection of this.#heldBack) connection.goOn();
    this.#heldBack.clear();
  }

  #countChanged(event: 'connect' | 'disconnect', connection: Connection): void {
    if (this.#closed || this.#owner !== true) return;
    const count = this.#registry.size;
    const state: EndpointState = count > 0 ? { kind: 'connected', count } : { kind: 'disconnected' };
    this.#state.change({ event, state, session: connection.session() });
  }

  #closeConnections(): void {
    for (const connection of this.#registry.all()) connection.close(...CLOSE.serviceRestart);
  }
}
