import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ListenerOptions, parseListenerOptions } from '../../../src/config/listener-options.js';
import type { EndpointEvent } from '../../../src/endpoint/endpoint.js';
import { UpgradeRouter } from '../../../src/handshake/upgrade-router.js';
import type { VerifyHook } from '../../../src/handshake/verify-client.js';
import type { Keys } from '../../../src/keys/keys.js';
import { sharedSecret } from '../../../src/keys/keys.js';
import { Listener } from '../../../src/listener/listener.js';
import { createSessionIds } from '../../../src/sessions/session-id.js';
import { createVerifyClient } from '../../../src/token/verify-token.js';
import { SocketClient } from './socket-client.js';
import { SECRET, token } from './tokens.js';

/** One for all servers, as for the listeners of one runtime. */
const sessionIds = createSessionIds(randomBytes(32));

export interface ListenerServerOptions {
  /** Properties of the listener, as in a flow file. */
  readonly properties?: Record<string, unknown>;
  readonly keys?: Keys;
  readonly verifyHook?: VerifyHook;
  readonly timeoutMs?: number;
  readonly pingIntervalMs?: number;
  readonly maxBufferedBytes?: number;
  readonly maxTokenBytes?: number;
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
  readonly #events = new EventEmitter();

  private constructor(server: Server, options: ListenerServerOptions) {
    this.server = server;
    const parsed = parseListenerOptions({ path: '/ws', ...options.properties }, SECRET);
    this.listener = new Listener(
      { id: 'listener', path: '/ws' },
      parsed,
      {
        pingIntervalMs: options.pingIntervalMs ?? 30_000,
        maxBufferedBytes: options.maxBufferedBytes ?? 16 * 1024 * 1024,
      },
      {
        verifyClient: createVerifyClient({
          ...parsed,
          keys: options.keys ?? keysOf(parsed),
          ...(options.maxTokenBytes === undefined ? {} : { maxTokenBytes: options.maxTokenBytes }),
        }),
        ...(options.verifyHook === undefined ? {} : { verifyHook: options.verifyHook }),
        timeoutMs: options.timeoutMs ?? 4500,
      },
      {
        refused: ({ code, status }) => {
          this.refusals.push({ code, status });
          this.#events.emit('next refused');
        },
        receiverFailed: (error) => {
          this.receiverErrors.push(error);
          this.#events.emit('next receiverFailed');
        },
        pathTaken: () => {},
      },
      sessionIds,
    );
    this.listener.observe((event) => this.#events.emit(`next ${event.event}`, event));
    this.listener.attach((message) => this.#events.emit('message', message));
    UpgradeRouter.of(server).claim(this.listener);
    UpgradeRouter.of(server).settle(new Set());
  }

  static async start(options: ListenerServerOptions = {}): Promise<ListenerServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ListenerServer(server, options);
  }

  get origin(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  url(jwt?: string): string {
    return `${this.origin}/ws${jwt === undefined ? '' : `?token=${jwt}`}`;
  }

  /** A peer that is let in with a token of these claims. */
  connect(claims?: Record<string, unknown>): Promise<SocketClient> {
    return SocketClient.open(this.url(token(claims)));
  }

  /** The next event: `connect`, `disconnect`, `error`, `refused`, `receiverFailed`. */
  async next(name: string): Promise<EndpointEvent> {
    const [event] = await once(this.#events, `next ${name}`);
    return event as EndpointEvent;
  }

  /** The next message that a flow would get. */
  async message(): Promise<Record<string, unknown>> {
    const [message] = await once(this.#events, 'message');
    return message as Record<string, unknown>;
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
    this.listener.close();
    this.server.closeAllConnections();
    this.server.close();
    if (this.server.listening) await once(this.server, 'close');
  }
}

function keysOf({ validation }: ListenerOptions): Keys | null {
  return validation.kind === 'hs256' ? sharedSecret(validation.secret) : null;
}
