import { Backoff } from '../../../src/client/backoff.js';
import { Client } from '../../../src/client/client.js';
import { CLIENT_LIMITS, type ClientLimits } from '../../../src/client/line-settings.js';
import type { Route } from '../../../src/client/token-supply.js';
import {
  type ClientCredentials,
  parseClientOptions,
  type TokenVariable,
} from '../../../src/config/client-options.js';
import type { EndpointEvent, StateEvent } from '../../../src/events/events.js';
import { Queue } from './queue.js';

export interface ProbeOptions {
  /** Properties of the client, as in a flow file. */
  readonly properties?: Record<string, unknown>;
  readonly jwt?: string;
  readonly credentials?: ClientCredentials;
  /** The way to whatever the client asks. */
  readonly target?: Partial<Route>;
  /** Reads variables. */
  readonly read?: (variable: TokenVariable) => unknown;
  readonly limits?: Partial<
    ClientLimits & { readonly handshakeTimeoutMs: number; readonly maxPayload: number }
  >;
  /** Whether a flow says where to connect. */
  readonly isToldByFlow?: boolean;
  readonly backoff?: Backoff;
}

/** A client of the core, without Node-RED, and all that comes out of it. It retries at once. */
export class ClientProbe {
  readonly client: Client;
  readonly events = new Queue<StateEvent>();
  /** Everything, whether it changes the state or not. */
  readonly all = new Queue<EndpointEvent>();
  readonly messages = new Queue<Record<string, unknown>>();
  readonly log: string[] = [];
  readonly #lines = new Queue<string>();

  constructor(url: string, options: ProbeOptions = {}) {
    const { properties, jwt, credentials = { jwt }, target, read, limits = {}, backoff } = options;
    const isAnonymous = jwt === undefined && options.credentials === undefined;
    const raw = { path: url, ...(isAnonymous ? { authMode: 'none' } : {}), ...properties };
    const parsed = parseClientOptions(raw, credentials, undefined, options.isToldByFlow);
    const { handshakeTimeoutMs, maxPayload, ...others } = limits;
    this.client = new Client(
      {
        ...parsed,
        ...(handshakeTimeoutMs === undefined ? {} : { handshakeTimeoutMs }),
        ...(maxPayload === undefined ? {} : { maxPayload }),
      },
      {
        route: () => ({ tls: {}, proxy: undefined, ...target }),
        readVariable: (variable) => read?.(variable),
      },
      { ...CLIENT_LIMITS, ...others },
      backoff ?? new Backoff({ firstMs: 1, maxMs: 1 }),
    );
    this.client.observe((event) => this.#heard(event));
    this.client.attach((message) => this.messages.push(message));
    this.client.start();
  }

  /** Takes events until one is of this kind, and returns it. */
  async next<K extends StateEvent['kind']>(kind: K): Promise<Extract<StateEvent, { kind: K }>> {
    for (;;) {
      const taken = await this.events.next();
      if (taken.kind === kind) return taken as Extract<StateEvent, { kind: K }>;
    }
  }

  /** Takes events until the client is down for a reason, and returns the reason. */
  async failure(): Promise<string> {
    for (;;) {
      const { state } = await this.events.next();
      if (state.kind === 'failed') return state.reason;
    }
  }

  /** Resolves once this has been logged. */
  async logged(line: string): Promise<void> {
    while ((await this.#lines.next()) !== line);
  }

  #heard(event: EndpointEvent): void {
    this.all.push(event);
    if ('state' in event) this.events.push(event);
    if (event.kind === 'outage') this.#write(`down ${event.reason}`);
    if (event.kind === 'outage-over') this.#write('up');
    if (event.kind === 'receive-failed') this.#write('receiver failed');
  }

  #write(line: string): void {
    this.log.push(line);
    this.#lines.push(line);
  }

  /** Sends, and resolves with the code of the error that `done` was given. */
  send(message: Record<string, unknown>): Promise<unknown> {
    return new Promise((resolve) => {
      this.client.send(message, (error) => resolve((error as { code?: unknown } | undefined)?.code));
    });
  }
}
