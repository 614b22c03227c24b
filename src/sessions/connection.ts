import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { RoutingScope } from '../config/listener-schema.js';
import type { Identity } from '../token/identity.js';
import type { LoginMessage } from '../wire/authentication.js';
import { mayWritePast, payloadLength, type ServerFrame, serverFrame } from '../wire/server-frame.js';
import { CLOSE, type Ending, endedByPeer, endingOf } from './endings.js';
import { Liveness } from './liveness.js';
import { type Session, type SessionParams, sessionOf } from './session.js';
import { Traffic } from './traffic.js';

/** Whose connection it is, as a flow is told. */
interface Peer {
  /** A session id that was issued to the identity's tenant. */
  readonly id: string;
  readonly identity: Identity;
  readonly scope: RoutingScope;
  /** Where the peer is, as the socket gave it: a closed one no longer does. */
  readonly address: string;
  readonly params?: SessionParams;
}

let made = 0;

/** An open WebSocket and who is at its other end, from the handshake to the socket's end. */
export class Connection {
  readonly id: string;
  /** Of a later connection it is greater. No secret, as `id` is. */
  readonly number = ++made;
  readonly address: string;
  /** When the handshake was done, in milliseconds since the epoch. */
  readonly connectedAt = Date.now();
  /** Counted by whoever receives and sends. */
  readonly traffic = new Traffic();
  #identity: Identity;
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #scope: RoutingScope;
  readonly #params: SessionParams;
  readonly #maxBufferedBytes: number;
  readonly #liveness: Liveness;
  /** Whether no extension was negotiated: that is settled with the handshake. */
  readonly #isPlain: boolean;
  #closing = false;
  #ending: Ending | undefined;
  #departed = false;
  /** How many want nothing to be read now. */
  #pauses = 0;

  /** @param stream what `socket` itself writes to */
  constructor(socket: WebSocket, stream: Duplex, peer: Peer, maxBufferedBytes: number) {
    this.id = peer.id;
    this.#identity = peer.identity;
    this.address = peer.address;
    this.#socket = socket;
    this.#stream = stream;
    this.#scope = peer.scope;
    this.#params = peer.params;
    this.#maxBufferedBytes = maxBufferedBytes;
    this.#isPlain = socket.extensions === '';
    this.#liveness = new Liveness(socket, stream as Socket); // which http and https servers have, whatever the types say
  }

  get identity(): Identity {
    return this.#identity;
  }

  /** @param identity of the same tenant and subject, shown by a newer token */
  renew(identity: Identity): void {
    this.#identity = identity;
  }

  /** Once true, nothing that still arrives may reach a flow: ws keeps delivering after close(). */
  get closing(): boolean {
    return this.#closing;
  }

  /** What a flow gets as `msg._session`. */
  session(): Session {
    return sessionOf(this.identity, this.id, this.#scope, this.#params);
  }

  /** The subprotocol that was chosen; empty: none. */
  get protocol(): string {
    return this.#socket.protocol;
  }

  /** What was handed to the socket and is not sent yet, in bytes. */
  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** Hands a frame that counts as sent to the socket. A peer with too much unread data is closed instead (1013). */
  send(frame: ServerFrame): void {
    if (!this.#hand(frame)) this.traffic.discount(payloadLength(frame));
  }

  /** Says something about the login, which is no message of a flow. */
  tell(message: LoginMessage): void {
    this.#hand(serverFrame(JSON.stringify(message), false));
  }

  /** Reads no more of what the peer sends, until `resume` was called as often: TCP makes it wait. */
  pause(): void {
    this.#pauses += 1;
    if (this.#pauses === 1 && !this.#closing) this.#socket.pause();
  }

  resume(): void {
    this.#pauses -= 1;
    if (this.#pauses === 0) this.#readOn();
  }

  /** Pings the peer, or cuts it off where it has sent nothing since the last ping (RFC 6455 §5.5.2). */
  checkAlive(): void {
    if (this.#socket.isPaused) return; // its answer would not be read
    if (this.#liveness.ask()) return;
    this.#begin(CLOSE.noPong);
    this.#socket.terminate();
  }

  /** Starts the closing handshake (RFC 6455 §7.1.2); ws cuts off a peer that does not complete it. */
  close(ending: Ending): void {
    if (this.#closing) return;
    this.#begin(ending);
    if (this.#socket.isPaused) this.#readOn(); // the closing handshake has another half
    this.#socket.close(ending.code, ending.reason);
  }

  /** The peer has sent what cannot be read: ws has begun to close. */
  broken(error: Error): void {
    this.#closing = true;
    this.#ending ??= endingOf(error);
  }

  /**
   * How it ended, once it has.
   * @param code what ws tells with `close`
   */
  ending(code: number): Ending {
    return this.#ending ?? endedByPeer(code);
  }

  /** @returns whether this is the first time that it is said: its end is told once */
  depart(): boolean {
    const isFirst = !this.#departed;
    this.#departed = true;
    return isFirst;
  }

  #begin(ending: Ending): void {
    this.#closing = true;
    // else the peer was first
    if (this.#socket.readyState === this.#socket.OPEN) this.#ending = ending;
  }

  /** @returns whether the frame is on its way */
  #hand(frame: ServerFrame): boolean {
    const socket = this.#socket;
    if (this.#closing || socket.readyState !== socket.OPEN) return false;
    if (socket.bufferedAmount + frame.size > this.#maxBufferedBytes) {
      this.close(CLOSE.slowConsumer);
      return false;
    }
    if (this.#isPlain && mayWritePast(socket)) this.#write(frame);
    else socket.send(frame.payload, { binary: frame.isBinary });
    return true;
  }

  #write({ bytes, rest }: ServerFrame): void {
    if (rest === undefined) {
      this.#stream.write(bytes);
      return;
    }
    this.#stream.cork();
    this.#stream.write(bytes);
    this.#stream.write(rest);
    this.#stream.uncork();
  }

  #readOn(): void {
    this.#liveness.restart(); // what it has answered meanwhile is yet to be read
    this.#socket.resume();
  }
}
