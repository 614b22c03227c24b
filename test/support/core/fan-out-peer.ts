import type { Connection } from '../../../src/sessions/connection.js';
import type { Registry } from '../../../src/sessions/registry.js';
import { Traffic } from '../../../src/sessions/traffic.js';
import { payloadLength, type ServerFrame } from '../../../src/wire/server-frame.js';

let made = 0;

/** A connection as routing sees one, without a socket: it notes what it is sent until it leaves. */
export class FanOutPeer {
  readonly id = `peer ${made++}`;
  readonly identity: { readonly tenantId: string | null };
  readonly received: string[] = [];
  readonly traffic = new Traffic();
  readonly #registry: Registry;
  #present = true;

  constructor(registry: Registry, tenantId: string | null) {
    this.identity = { tenantId };
    this.#registry = registry;
    registry.add(this.connection);
  }

  get connection(): Connection {
    return this as unknown as Connection; // has all that routing asks of one
  }

  get present(): boolean {
    return this.#present;
  }

  send(frame: ServerFrame): void {
    if (this.#present) this.received.push(String(frame.payload));
    else this.traffic.discount(payloadLength(frame)); // as a closed connection does
  }

  leave(): void {
    this.#present = false;
    this.#registry.delete(this.connection);
  }
}
