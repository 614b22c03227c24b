import { type ListenerOptions, onlyTenantOf } from '../config/listener-options.js';
import type { Registry } from '../sessions/registry.js';
import { encode } from '../wire/message.js';
import { SendError } from '../wire/send-error.js';
import { type ServerFrame, serverFrame } from '../wire/server-frame.js';
import type { Elsewhere } from './elsewhere.js';
import { FanOut } from './fan-out.js';
import { type Recipients, resolveRecipients, type ScopeContext } from './recipients.js';

export interface DispatchSettings extends Pick<ScopeContext, 'sessionIds'> {
  /** Most that a connection may leave unread, in bytes: a larger message can never be sent. */
  readonly maxBufferedBytes: number;
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
  readonly #elsewhere: Elsewhere | undefined;

  /**
   * @param onDrain called when producers may go on that `needsDrain` has stopped
   * @param elsewhere where messages go, too
   */
  constructor(
    registry: Registry,
    options: ListenerOptions,
    { sessionIds, maxBufferedBytes }: DispatchSettings,
    onDrain: () => void,
    elsewhere?: Elsewhere,
  ) {
    this.#elsewhere = elsewhere;
    this.#wholeMessage = options.wholeMessage;
    this.#maxBufferedBytes = maxBufferedBytes;
    this.#scope = {
      configured: options.scope,
      onlyTenant: onlyTenantOf(options),
      tenantOf: (id) => registry.get(id)?.identity.tenantId,
      sessionIds,
    };
    this.#fanOut = new FanOut(registry, onDrain);
  }

  /** True while producers should pause. */
  get needsDrain(): boolean {
    return this.#fanOut.needsDrain;
  }

  /**
   * @param done called exactly once: when the frames are handed to the sockets, or with a SendError
   * @param isLocal for the peers of this process alone
   */
  send(message: Readonly<Record<string, unknown>>, done: (error?: Error) => void, isLocal = false): void {
    let outbound: Outbound | undefined;
    try {
      outbound = this.#address(message);
    } catch (error) {
      done(error as Error); // nothing else is thrown than a SendError
      return;
    }
    if (outbound === undefined) done();
    else if (isLocal || this.#elsewhere === undefined)
      this.#fanOut.send(outbound.frame, outbound.recipients, done);
    else this.#sendEverywhere(outbound, this.#elsewhere, done);
  }

  /** Sends what has come from elsewhere to its recipients here, unless it is larger than what they may be sent. */
  deliver(recipients: Recipients, payload: Buffer, isBinary: boolean): void {
    const frame = serverFrame(payload, isBinary, recipients.kind === 'session');
    if (frame.size <= this.#maxBufferedBytes) this.#fanOut.send(frame, recipients, () => {});
  }

  /** Sends no more, and calls every `done` that is still owed. */
  close(): void {
    this.#fanOut.close();
  }

  /** Those who are here do not wait for the others. */
  #sendEverywhere(
    { frame, recipients }: Outbound,
    elsewhere: Elsewhere,
    done: (error?: Error) => void,
  ): void {
    let owed = 2;
    let failure: SendError | undefined;
    const finish = () => {
      owed -= 1;
      if (owed === 0) done(failure);
    };
    this.#fanOut.send(frame, recipients, finish);
    const isHere = recipients.kind === 'session' && this.#scope.tenantOf(recipients.id) !== undefined;
    if (!isHere) failure = elsewhere.send(recipients, frame);
    finish();
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
