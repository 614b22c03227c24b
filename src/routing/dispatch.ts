import { type ListenerOptions, onlyTenantOf } from '../config/listener-options.js';
import type { Registry } from '../sessions/registry.js';
import type { Amount } from '../sessions/traffic.js';
import { encode } from '../wire/message.js';
import { SendError, type SendErrorCode } from '../wire/send-error.js';
import { type ServerFrame, serverFrame } from '../wire/server-frame.js';
import { FanOut } from './fan-out.js';
import { type Recipients, resolveRecipients, type ScopeContext } from './recipients.js';
import type { Taps } from './taps.js';

export interface DispatchSettings extends Pick<ScopeContext, 'sessionIds'> {
  /** Most that a connection may leave unread, in bytes: a larger message can never be sent. */
  readonly maxBufferedBytes: number;
}

/** Who is told what becomes of messages. */
export interface DispatchEvents {
  readonly taps: Taps;
  /** Producers may go on that `needsDrain` has stopped. */
  drained(): void;
  /** A message was not sent. */
  failed(code: SendErrorCode): void;
}

interface Outbound {
  readonly frame: ServerFrame;
  readonly recipients: Recipients;
}

/** Sends a flow's messages to those of a listener's connections that its scope allows. */
export class Dispatch {
  readonly #wholeMessage: boolean;
  readonly #maxBufferedBytes: number;
  readonly #scope: ScopeContext;
  readonly #fanOut: FanOut;
  readonly #events: DispatchEvents;

  constructor(
    registry: Registry,
    options: ListenerOptions,
    { sessionIds, maxBufferedBytes }: DispatchSettings,
    events: DispatchEvents,
  ) {
    this.#wholeMessage = options.wholeMessage;
    this.#maxBufferedBytes = maxBufferedBytes;
    this.#scope = {
      configured: options.scope,
      onlyTenant: onlyTenantOf(options),
      tenantOf: (id) => registry.get(id)?.identity.tenantId,
      sessionIds,
    };
    this.#events = events;
    this.#fanOut = new FanOut(registry, () => events.drained());
  }

  /** True while producers should pause. */
  get needsDrain(): boolean {
    return this.#fanOut.needsDrain;
  }

  /** What waits until others are done, in bytes: each message once. */
  get queuedBytes(): number {
    return this.#fanOut.queuedBytes;
  }

  /** What was sent to all peers together. */
  get sent(): Amount {
    return this.#fanOut.sent;
  }

  /** @param done called exactly once: when the frames are handed to the sockets, or with a SendError */
  send(message: Readonly<Record<string, unknown>>, done: (error?: Error) => void): void {
    let outbound: Outbound | undefined;
    try {
      outbound = this.#address(message);
    } catch (error) {
      const { code } = error as SendError; // nothing else is thrown
      this.#events.failed(code);
      done(error as SendError);
      return;
    }
    if (outbound === undefined) {
      done();
      return;
    }
    const { frame, recipients } = outbound;
    const { taps } = this.#events;
    if (taps.any) taps.sent(recipients, frame.payload, frame.isBinary);
    this.#fanOut.send(frame, recipients, done);
  }

  /** Sends no more, and calls every `done` that is still owed. */
  close(): void {
    this.#fanOut.close();
  }

  /** What is sent, and to whom; undefined where there is nothing to send. */
  #address(message: Readonly<Record<string, unknown>>): Outbound | undefined {
    const outbound = encode(message, this.#wholeMessage);
    if (outbound === undefined) return undefined;
    const recipients = resolveRecipients(message._session, this.#scope);
    const frame = serverFrame(outbound.payload, outbound.isBinary, recipients.kind === 'session');
    if (frame.size > this.#maxBufferedBytes) throw new SendError('send-too-large');
    return { frame, recipients };
  }
}
