import { ConfigurationError } from '../config/codes.js';
import { type ListenerOptions, onlyTenantOf } from '../config/listener-options.js';
import { isWider, type Narrowing } from '../config/out-options.js';
import type { Connection } from '../sessions/connection.js';
import type { Registry } from '../sessions/registry.js';
import type { Amount } from '../sessions/traffic.js';
import { encode } from '../wire/message.js';
import { SendError, type SendErrorCode } from '../wire/send-error.js';
import { type ServerFrame, serverFrame } from '../wire/server-frame.js';
import type { Elsewhere } from './elsewhere.js';
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
  /** A message was not sent, or not to everybody. */
  failed(code: SendErrorCode): void;
  /** Where messages go, too. */
  readonly elsewhere?: Elsewhere | undefined;
}

interface Outbound {
  readonly frame: ServerFrame;
  readonly recipients: Recipients;
  readonly except: Connection | undefined;
  /** Whoever is left out, wherever he is. */
  readonly exceptId: string | undefined;
}

/** Who gets messages, and whether the connection that one came from does. */
export interface Way {
  readonly scope: ScopeContext;
  readonly skipSender: boolean;
  readonly localOnly: boolean;
}

/** Sends a flow's messages to those of a listener's connections that its scope allows. */
export class Dispatch {
  readonly #wholeMessage: boolean;
  readonly #maxBufferedBytes: number;
  readonly #way: Way;
  readonly #registry: Registry;
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
    this.#registry = registry;
    const scope = {
      configured: options.scope,
      onlyTenant: onlyTenantOf(options),
      tenantOf: (id: string) => registry.get(id)?.identity.tenantId,
      sessionIds,
    };
    this.#events = events;
    this.#way = { scope, skipSender: false, localOnly: false };
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

  /**
   * A way that reaches fewer than the listener's own.
   * @throws ConfigurationError `scope-wider`
   */
  narrowed({ scope, ...left }: Narrowing): Way {
    const { configured } = this.#way.scope;
    if (scope === undefined) return { scope: this.#way.scope, ...left };
    if (isWider(scope, configured)) throw new ConfigurationError('scope-wider');
    return { scope: { ...this.#way.scope, configured: scope }, ...left };
  }

  /**
   * @param done called exactly once: when the frames are handed to the sockets, or with a SendError
   * @param way one that `narrowed` has given
   */
  send(message: Readonly<Record<string, unknown>>, done: (error?: Error) => void, way = this.#way): void {
    let outbound: Outbound | undefined;
    try {
      outbound = this.#address(message, way);
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
    const { frame, recipients, except } = outbound;
    const { taps, elsewhere } = this.#events;
    if (taps.any) taps.sent(recipients, frame.payload, frame.isBinary, except);
    if (way.localOnly || elsewhere === undefined) this.#fanOut.send(frame, recipients, done, except);
    else this.#sendEverywhere(outbound, elsewhere, done);
  }

  /** Sends what has come from elsewhere to its recipients here, unless it is larger than what they may be sent. */
  deliver(
    recipients: Recipients,
    { payload, isBinary, exceptId }: { payload: Buffer; isBinary: boolean; exceptId: string | undefined },
  ): void {
    const frame = serverFrame(payload, isBinary, recipients.kind === 'session');
    if (frame.size > this.#maxBufferedBytes) return;
    const except = exceptId === undefined ? undefined : this.#registry.get(exceptId);
    const { taps } = this.#events;
    if (taps.any) taps.sent(recipients, payload, isBinary, except);
    this.#fanOut.send(frame, recipients, () => {}, except);
  }

  /** Sends no more, and calls every `done` that is still owed. */
  close(): void {
    this.#fanOut.close();
  }

  /** Those who are here do not wait for the others. */
  #sendEverywhere(
    { frame, recipients, except, exceptId }: Outbound,
    elsewhere: Elsewhere,
    done: (error?: Error) => void,
  ): void {
    let owed = 2;
    let failure: SendError | undefined;
    const finish = () => {
      owed -= 1;
      if (owed === 0) done(failure);
    };
    this.#fanOut.send(frame, recipients, finish, except);
    const isHere = recipients.kind === 'session' && this.#registry.get(recipients.id) !== undefined;
    // who is left out and is here need not be named elsewhere
    if (!isHere) failure = elsewhere.send(recipients, frame, except === undefined ? exceptId : undefined);
    if (failure !== undefined) this.#events.failed(failure.code);
    finish();
  }

  /** What is sent, and to whom; undefined where there is nothing to send. */
  #address(message: Readonly<Record<string, unknown>>, { scope, skipSender }: Way): Outbound | undefined {
    const outbound = encode(message, this.#wholeMessage);
    if (outbound === undefined) return undefined;
    const recipients = resolveRecipients(message._session, scope);
    const frame = serverFrame(outbound.payload, outbound.isBinary, recipients.kind === 'session');
    if (frame.size > this.#maxBufferedBytes) throw new SendError('send-too-large');
    const exceptId = skipSender && recipients.kind !== 'session' ? idOf(message._session) : undefined;
    const except = exceptId === undefined ? undefined : this.#registry.get(exceptId);
    return { frame, recipients, except, exceptId };
  }
}

/** A session's id is nobody's to guess: whoever has it may be taken for the sender. */
function idOf(session: unknown): string | undefined {
  const { id } = Object(session) as { readonly id?: unknown };
  return typeof id === 'string' ? id : undefined;
}
