import type { Registry } from '../sessions/registry.js';
import { encode } from '../wire/message.js';
import { SendError } from '../wire/send-error.js';
import { serverFrame } from '../wire/server-frame.js';
import { FanOut } from './fan-out.js';
import { resolveRecipients, type ScopeContext } from './recipients.js';

export interface DispatchOptions extends Omit<ScopeContext, 'tenantOf'> {
  readonly wholeMessage: boolean;
  /** Most that a connection may leave unread, in bytes: a larger message can never be sent. */
  readonly maxBufferedBytes: number;
}

/** Sends a flow's messages to those of a listener's connections that its scope allows. */
export class Dispatch {
  readonly #options: DispatchOptions;
  readonly #scope: ScopeContext;
  readonly #fanOut: FanOut;

  /** @param onDrain called when producers may go on that `needsDrain` has stopped */
  constructor(registry: Registry, options: DispatchOptions, onDrain: () => void) {
    this.#options = options;
    this.#scope = { ...options, tenantOf: (id) => registry.get(id)?.identity.tenantId };
    this.#fanOut = new FanOut(registry, onDrain);
  }

  /** True while producers should pause. */
  get needsDrain(): boolean {
    return this.#fanOut.needsDrain;
  }

  /** @param done called exactly once: when the frames are handed to the sockets, or with a SendError */
  send(message: Readonly<Record<string, unknown>>, done: (error?: Error) => void): void {
    const { wholeMessage, maxBufferedBytes } = this.#options;
    try {
      const outbound = encode(message, wholeMessage);
      if (outbound !== undefined) {
        const recipients = resolveRecipients(message._session, this.#scope);
        const alone = recipients.kind === 'session';
        const frame = serverFrame(outbound.payload, outbound.isBinary, alone);
        if (frame.size > maxBufferedBytes) throw new SendError('send-too-large');
        this.#fanOut.send(frame, recipients, done);
        return;
      }
    } catch (error) {
      done(error as Error); // nothing else is thrown than a SendError
      return;
    }
    done(); // there is nothing to send
  }

  /** Sends no more; whoever waits for `done` is told. */
  close(): void {
    this.#fanOut.close();
  }
}
