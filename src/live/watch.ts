import type { Recipients } from '../routing/recipients.js';
import type { Connection } from '../sessions/connection.js';

/** Whose messages are watched. */
export type WatchTarget =
  | { readonly kind: 'connection'; readonly connection: Connection }
  | { readonly kind: 'tenant'; readonly tenantId: string | null };

export interface WatchedMessage {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** `in`: from a peer. */
  readonly direction: 'in' | 'out';
  readonly bytes: number;
  /** Its beginning; of a binary message, in hex digits. */
  readonly text: string;
}

/** What was watched since it was asked for the last time. */
export interface WatchedPart {
  readonly messages: readonly WatchedMessage[];
  /** What `after` is to be the next time. */
  readonly next: number;
}

const MAX_MESSAGES = 100;

/** Characters that are kept of a message. */
const MAX_CHARACTERS = 200;

/** UTF-8 has no longer characters. */
const BYTES_PER_CHARACTER = 4;

/** The latest messages of one connection or of one tenant, of each its beginning. */
export class Watch {
  readonly target: WatchTarget;
  readonly #tenantOf: (sessionId: string) => string | null | undefined;
  readonly #messages: WatchedMessage[] = [];
  #seen = 0;

  /** @param tenantOf the tenant of the listener's connection with that session id; undefined: there is none */
  constructor(target: WatchTarget, tenantOf: (sessionId: string) => string | null | undefined) {
    this.target = target;
    this.#tenantOf = tenantOf;
  }

  /** A peer has said something. */
  received(from: Connection, data: Buffer, isBinary: boolean): void {
    const { target } = this;
    const isTheirs =
      target.kind === 'connection' ? from === target.connection : from.identity.tenantId === target.tenantId;
    if (isTheirs) this.#add('in', data, isBinary);
  }

  /** A flow has said something. @param except was left out */
  sent(to: Recipients, data: string | Buffer, isBinary: boolean, except?: Connection): void {
    if (this.#reaches(to, except)) this.#add('out', data, isBinary);
  }

  /** @param after `next` of the part before; 0: from the beginning */
  since(after: number): WatchedPart {
    const missing = Math.min(Math.max(0, this.#seen - after), this.#messages.length);
    return { messages: missing === 0 ? [] : this.#messages.slice(-missing), next: this.#seen };
  }

  #reaches(to: Recipients, except: Connection | undefined): boolean {
    const { target } = this;
    if (target.kind === 'tenant')
      return to.kind === 'global' || tenantReached(to, this.#tenantOf) === target.tenantId;
    const { connection } = target;
    if (connection === except) return false;
    if (to.kind === 'session') return to.id === connection.id;
    return to.kind === 'global' || tenantReached(to, this.#tenantOf) === connection.identity.tenantId;
  }

  #add(direction: WatchedMessage['direction'], data: string | Buffer, isBinary: boolean): void {
    const bytes = Buffer.byteLength(data);
    this.#messages.push({ at: Date.now(), direction, bytes, text: beginning(data, isBinary) });
    this.#seen += 1;
    if (this.#messages.length > MAX_MESSAGES) this.#messages.shift();
  }
}

function tenantReached(
  to: Exclude<Recipients, { kind: 'global' }>,
  tenantOf: (sessionId: string) => string | null | undefined,
): string | null | undefined {
  switch (to.kind) {
    case 'session':
      return tenantOf(to.id);
    case 'tenant':
      return to.tenantId;
    case 'anonymous':
      return null;
  }
}

function beginning(data: string | Buffer, isBinary: boolean): string {
  if (typeof data === 'string') return data.slice(0, MAX_CHARACTERS);
  if (isBinary) return data.subarray(0, MAX_CHARACTERS / 2).toString('hex');
  return data
    .subarray(0, MAX_CHARACTERS * BYTES_PER_CHARACTER)
    .toString()
    .slice(0, MAX_CHARACTERS);
}
