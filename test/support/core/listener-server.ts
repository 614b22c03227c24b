import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer, type ServerOptions, Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Cluster } from '../../../src/cluster/cluster.js';
import { parseListenerOptions } from '../../../src/config/listener-options.js';
import type { EndpointEvent } from '../../../src/events/events.js';
import type { Middleware } from '../../../src/handshake/middleware.js';
import { UpgradeRouter } from '../../../src/handshake/upgrade-router.js';
import type { VerifyClient } from '../../../src/handshake/verify-client.js';
import type { VerifyFunctions } from '../../../src/handshake/verify-function.js';
import type { Issuer } from '../../../src/keys/issuer.js';
import type { JwksTiming } from '../../../src/keys/jwks.js';
import type { Listener } from '../../../src/listener/listener.js';
import { openListener } from '../../../src/listener/open-listener.js';
import type { RevocationStore } from '../../../src/sessions/revocations.js';
import { createSessionIds, type SessionIds } from '../../../src/sessions/session-id.js';
import { DEFAULT_MAX_TOKEN_BYTES } from '../../../src/token/form.js';
import { memoryStore } from './memory-store.js';
import { Queue } from './queue.js';
import { SocketClient } from './socket-client.js';
import { SECRET, token } from './tokens.js';

/** One for all servers, as for the listeners of one runtime. */
const sessionIds = createSessionIds(randomBytes(32));

export interface ListenerServerOptions {
  /** Properties of the listener, as in a flow file. */
  readonly properties?: Record<string, unknown>;
  readonly jwksTiming?: JwksTiming;
  readonly verifyClient?: VerifyClient;
  /** Those that the listener's properties name by their ids. */
  readonly issuers?: readonly Issuer[];
  readonly timeoutMs?: number;
  readonly pingIntervalMs?: number;
  readonly maxBufferedBytes?: number;
  readonly maxTokenBytes?: number;
  readonly trustProxy?: number;
  readonly authTimeoutMs?: number;
  readonly expiryWarningMs?: number;
  readonly middleware?: readonly Middleware[];
  readonly cluster?: Cluster;
  /** Where it is not to be that of all servers. */
  readonly sessionIds?: SessionIds;
  readonly revocationStore?: RevocationStore;
  readonly observer?: (event: EndpointEvent) => void;
  readonly verifyFunctions?: VerifyFunctions;
  /** For a server with TLS. */
  readonly tls?: ServerOptions;
}

export interface Refusal {
  readonly code: string;
  readonly status: number;
}

/** A listener of the core on a real http.Server, without Node-RED. */
export class ListenerServer {
  readonly server: Server;
  readonly listener: Listener;
  readonly refusals: Refusal[] = [];
  readonly receiverErrors: unknown[] = [];
  readonly events = new Queue<EndpointEvent>();

  private constructor(server: Server, options: ListenerServerOptions) {
    this.server = server;
    const parsed = parseListenerOptions({ path: '/ws', ...options.properties }, SECRET);
    this.listener = openListener({ id: 'listener', path: '/ws' }, parsed, {
      pingIntervalMs: options.pingIntervalMs ?? 25_000,
      maxBufferedBytes: options.maxBufferedBytes ?? 16 * 1024 * 1024,
      maxTokenBytes: options.maxTokenBytes ?? DEFAULT_MAX_TOKEN_BYTES,
      handshakeTimeoutMs: options.timeoutMs ?? 4500,
      trustProxy: options.trustProxy ?? 0,
      authTimeoutMs: options.authTimeoutMs ?? 10_000,
      expiryWarningMs: options.expiryWarningMs ?? 60_000,
      middleware: options.middleware,
      sessionIds: options.sessionIds ?? sessionIds,
      cluster: options.cluster,
      verifyFunctions: options.verifyFunctions,
      revocationStore: options.revocationStore ?? memoryStore(),
      observer: options.observer,
      verifyClient: options.verifyClient,
      jwksTiming: options.jwksTiming,
      issuerOf: (id) => options.issuers?.find((issuer) => issuer.id === id),
    });
    this.listener.observe((event) => {
      this.events.push(event);
      if (event.kind === 'refused') this.refusals.push({ code: event.code, status: event.status });
      if (event.kind === 'receive-failed') this.receiverErrors.push(event.error);
    });
    this.listener.attach(() => {}); // as a flow does, so that messages are decoded
    UpgradeRouter.of(server).claim(this.listener);
    UpgradeRouter.of(server).settle(new Set());
  }

  static async start(options: ListenerServerOptions = {}): Promise<ListenerServer> {
    const server = options.tls === undefined ? createServer() : createTlsServer(options.tls);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      return new ListenerServer(server, options);
    } catch (error) {
      server.close();
      throw error;
    }
  }

  get origin(): string {
    const scheme = this.server instanceof TlsServer ? 'wss' : 'ws';
    return `${scheme}://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  url(jwt?: string): string {
    return `${this.origin}/ws${jwt === undefined ? '' : `?token=${jwt}`}`;
  }

  /** A peer that is let in with a token of these claims. */
  connect(claims?: Record<string, unknown>): Promise<SocketClient> {
    return SocketClient.open(this.url(token(claims)));
  }

  /** The next event of a kind, from now on. */
  next<K extends EndpointEvent['kind']>(kind: K): Promise<Extract<EndpointEvent, { kind: K }>> {
    return this.events.upcoming((event): event is Extract<EndpointEvent, { kind: K }> => event.kind === kind);
  }

  /** The next message that a flow would get, from now on. */
  message(): Promise<Record<string, unknown>> {
    return new Promise((resolve) => {
      const detach = this.listener.attach((message) => {
        detach();
        resolve(message);
      });
    });
  }

  /** Has a peer say something, and returns the message that a flow would get: its session above all. */
  async messageFrom(client: SocketClient, data: string | Buffer = 'hello'): Promise<Record<string, unknown>> {
    const message = this.message();
    client.send(data);
    return message;
  }

  /** Sends, and resolves with what `done` was given. */
  send(message: Record<string, unknown>): Promise<Error | undefined> {
    return new Promise((resolve) => this.listener.send(message, resolve));
  }

  async stop(): Promise<void> {
    UpgradeRouter.of(this.server).release(this.listener);
    await this.listener.close();
    this.server.closeAllConnections();
    this.server.close();
    if (this.server.listening) await once(this.server, 'close');
  }
}
