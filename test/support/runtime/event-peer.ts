import { Queue } from '../core/queue.js';
import { SocketClient } from '../core/socket-client.js';
import { seconds, token } from '../core/tokens.js';

/** A token that is renewed lasts longer each time. */
const LIFE_SECONDS = 3600;

/** While a listener is made anew nobody answers at its path, and Node-RED waits 5 s before it ends the connection. */
const PATIENCE_MS = 2000;

/** A peer with a subject of its own. What it is to do, it does one after the other, whatever others do meanwhile. */
export class EventPeer {
  readonly subject: string;
  said = 0;
  renewed = 0;
  /** How much of what it said has come back. */
  echoed = 0;
  /** Whether it was let in, as far as it knows. */
  isIn = false;
  /** Whether others may have ended it, or stopped the nodes that pass on what it says. */
  isDisturbed = false;
  /** Where a token leads. */
  readonly #url: (token: string) => string;
  readonly #claims: Record<string, unknown>;
  readonly #answers = new Queue<string>();
  #client: SocketClient | undefined;
  #busy: Promise<void>;

  constructor(url: (token: string) => string, subject: string, tenantId: string) {
    this.subject = subject;
    this.#url = url;
    this.#claims = { sub: subject, tenant_id: tenantId };
    this.#busy = this.#connect();
  }

  /** Whether it is connected, as far as it knows. */
  get isThere(): boolean {
    const socket = this.#client?.socket;
    return socket !== undefined && socket.readyState === socket.OPEN;
  }

  say(count: number): void {
    this.#then(({ socket }) => {
      for (let one = 0; one < count && socket.readyState === socket.OPEN; one += 1) {
        socket.send(String(this.said));
        this.said += 1;
      }
    });
  }

  /** Shows a new token, and waits for the answer. */
  renew(): void {
    this.#then(async (client) => {
      if (client.socket.readyState !== client.socket.OPEN) return;
      client.send(JSON.stringify({ type: 'authenticate', token: this.#token(this.renewed + 1) }));
      const answer = await Promise.race([this.#answers.next(), client.closed]);
      if (answer === 'authenticated') this.renewed += 1;
    });
  }

  leave(): void {
    this.#then(async (client) => {
      await client.close();
    });
  }

  /** Resolves when it has done all that it was to do. */
  async settled(): Promise<void> {
    await this.#busy;
  }

  async #connect(): Promise<void> {
    try {
      this.#client = await SocketClient.open(this.#url(this.#token(0)), {
        handshakeTimeout: PATIENCE_MS,
      });
      this.isIn = true;
      this.#client.socket.on('message', (data) => this.#hear(String(data)));
    } catch {} // nobody answered, or the listener is not ready
  }

  /** What comes back, or what the listener says of a new token. */
  #hear(text: string): void {
    if (text.startsWith('{')) this.#answers.push((JSON.parse(text) as { readonly type: string }).type);
    else this.echoed += 1;
  }

  #then(act: (client: SocketClient) => void | Promise<void>): void {
    this.#busy = this.#busy.then(() => this.#client && act(this.#client));
  }

  #token(renewals: number): string {
    return token({ ...this.#claims, exp: seconds(LIFE_SECONDS * (1 + renewals)) });
  }
}
