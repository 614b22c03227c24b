import { Backoff } from '../../../src/client/backoff.js';
import { CLIENT_LIMITS, Client, type ClientLimits } from '../../../src/client/client.js';
import type { Target } from '../../../src/client/open-socket.js';
import { parseClientOptions } from '../../../src/config/client-options.js';
import type { EndpointEvent, StateEvent } from '../../../src/events/events.js';
import { Queue } from './queue.js';

export interface ProbeOptions {
  /** Properties of the client, as in a flow file. */
  readonly properties?: Record<string, unknown>;
  readonly jwt?: string;
  readonly target?: Partial<Target>;
  readonly limits?: Partial<ClientLimits>;
  readonly backoff?: Backoff;
}

/** A client of the core, without Node-RED, and all that comes out of it. It retries at once. */
export class ClientProbe {
  readonly client: Client;
  readonly events = new Queue<StateEvent>();
  readonly messages = new Queue<Record<string, unknown>>();
  readonly log: string[] = [];
  readonly #lines = new Queue<string>();

  constructor(url: string, { properties, jwt, target, limits, backoff }: ProbeOptions = {}) {
    const raw = { path: url, ...(jwt === undefined ? { authMode: 'none' } : {}), ...properties };
    const options = parseClientOptions(raw, jwt);
    this.client = new Client(
      { ...options, tls: {}, proxy: undefined, ...target },
      options.wholeMessage,
      { ...CLIENT_LIMITS, ...limits },
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
