import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { Rejection } from '../handshake/rejection.js';
import type { Upgrade } from '../handshake/upgrade.js';
import { PeerGone } from '../handshake/waiting-room.js';
import type { Identity } from '../token/identity.js';
import { authenticationToken, type LoginMessage } from '../wire/authentication.js';
import { CLOSE, type Ending } from './endings.js';
import { Liveness } from './liveness.js';

/** Sizes in bytes, times in milliseconds. */
export interface PendingSettings {
  /** Within this time a peer sends its token. */
  readonly authTimeoutMs: number;
  readonly maxTokenBytes: number;
}

/** What happens with a pending peer. */
export interface PendingSteps {
  /** Says who shows this token. Throws or rejects: a Rejection, or PeerGone. */
  authenticate(request: IncomingMessage, token: string): Identity | Promise<Identity>;
  /** Resolves once the peer can be served, or undefined where it can be now. */
  ready?(identity: Identity): Promise<void> | undefined;
  /** Final check, synchronous with `accept`. @throws Rejection */
  admit(identity: Identity): void;
  /** The socket is a connection's from now on. */
  accept(socket: WebSocket, upgrade: Upgrade, identity: Identity, address: string): void;
  refused(rejection: Rejection, address: string, request: IncomingMessage): void;
  /** Seconds until the token expires; null: never. */
  expiresIn(identity: Identity): number | null;
}

/** What an authentication may have around its token, and a frame around that (RFC 6455 §5.2). */
const MESSAGE_MARGIN_BYTES = 1024;
const FRAMES_MARGIN_BYTES = 512;

/** A peer that has opened a WebSocket and has to send its token first. Nothing that it sends reaches a flow. */
export class PendingPeer {
  readonly #socket: WebSocket;
  readonly #upgrade: Upgrade;
  readonly #stream: Socket;
  readonly #address: string;
  readonly #steps: PendingSteps & { left(): void };
  readonly #liveness: Liveness;
  readonly #timer: NodeJS.Timeout;
  readonly #maxMessageBytes: number;
  #received = 0;
  #state: 'silent' | 'verifying' | 'over' = 'silent';

  constructor(
    socket: WebSocket,
    upgrade: Upgrade,
    address: string,
    { authTimeoutMs, maxTokenBytes }: PendingSettings,
    steps: PendingSteps & { left(): void },
  ) {
    this.#socket = socket;
    this.#upgrade = upgrade;
    this.#stream = upgrade.socket as Socket; // which http and https servers have, whatever the types say
    this.#address = address;
    this.#steps = steps;
    this.#liveness = new Liveness(socket, this.#stream);
    this.#maxMessageBytes = maxTokenBytes + MESSAGE_MARGIN_BYTES;
    this.#timer = setTimeout(() => {
      this.#refuse(new Rejection('handshake_timeout'), CLOSE.authenticationTimeout);
    }, authTimeoutMs);
    socket.on('message', this.#heard);
    socket.on('error', this.#broken);
    socket.on('close', this.#left);
    this.#stream.on('data', this.#count);
  }

  /** Pings the peer, or cuts it off where it has sent nothing since the last ping. */
  checkAlive(): void {
    if (!this.#liveness.ask()) this.#socket.terminate();
  }

  close({ code, reason }: Ending): void {
    this.#state = 'over';
    clearTimeout(this.#timer);
    this.#socket.close(code, reason);
  }

  readonly #heard = (data: unknown, isBinary: boolean) => {
    if (this.#state === 'over') return;
    const message = data as Buffer; // binaryType is nodebuffer
    const fits = !isBinary && message.length <= this.#maxMessageBytes;
    const token = fits && this.#state === 'silent' ? authenticationToken(message) : undefined;
    if (token === undefined) this.#refuse(new Rejection('token_missing'));
    else void this.#authenticate(token);
  };

  async #authenticate(token: string): Promise<void> {
    this.#state = 'verifying';
    clearTimeout(this.#timer);
    try {
      const identity = await this.#steps.authenticate(this.#upgrade.request, token);
      const ready = this.#isOpen() ? this.#steps.ready?.(identity) : undefined;
      if (ready !== undefined) await ready;
      if (this.#isOpen()) this.#accept(identity);
    } catch (error) {
      if (error instanceof PeerGone || !this.#isOpen()) return;
      const rejection = error instanceof Rejection ? error : new Rejection('verification_failed');
      this.#say({ type: 'unauthorized', ...rejection.told });
      this.#refuse(rejection);
    }
  }

  /** @throws Rejection */
  #accept(identity: Identity): void {
    this.#steps.admit(identity);
    this.#release();
    this.#say({ type: 'authenticated', expiresIn: this.#steps.expiresIn(identity) });
    this.#steps.accept(this.#socket, this.#upgrade, identity, this.#address);
  }

  /** While it was verified it may have been closed, by itself or by a deploy. */
  #isOpen(): boolean {
    return this.#state === 'verifying' && this.#socket.readyState === this.#socket.OPEN;
  }

  #refuse(rejection: Rejection, ending: Ending = endingOf(rejection)): void {
    this.#steps.refused(rejection, this.#address, this.#upgrade.request);
    this.close(ending);
  }

  #say(message: LoginMessage): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** ws bounds a message as the listener does, which is far more than a peer may send that is nobody. */
  readonly #count = ({ length }: Buffer) => {
    this.#received += length;
    if (this.#received <= this.#maxMessageBytes + FRAMES_MARGIN_BYTES) return;
    if (this.#state === 'over') this.#socket.terminate();
    else this.#refuse(new Rejection('token_missing'), CLOSE.tooLarge);
  };

  readonly #broken = () => {
    this.#state = 'over'; // 'close' follows
  };

  readonly #left = () => {
    this.#release();
  };

  #release(): void {
    this.#state = 'over';
    clearTimeout(this.#timer);
    this.#socket.off('message', this.#heard);
    this.#socket.off('error', this.#broken);
    this.#socket.off('close', this.#left);
    this.#stream.off('data', this.#count);
    this.#steps.left();
  }
}

/** 503 and 500 are ours: try again later (1013), or not (1011). */
function endingOf({ status, told }: Rejection): Ending {
  const ours = status === 503 ? 1013 : 1011;
  return { by: 'listener', code: status < 500 ? 4000 + status : ours, reason: told.error };
}
