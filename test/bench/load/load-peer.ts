import { connect, type Socket } from 'node:net';
import { closeFrame } from './frames.js';
import type { Login } from './login.js';

const SHARED_BYTES = 256 * 1024;

/** All sockets read into the same memory: what comes is counted, not kept. */
const shared = Buffer.allocUnsafe(SHARED_BYTES);

const HEAD_END = '\r\n\r\n';

/** An open packet of engine.io, and the CONNECT of socket.io that follows it when a login was accepted, or the refusal. */
const SPOKEN = /0\{"sid"[^}]*\}/;
const ACCEPTED = /40\{"sid"[^}]*\}/;
const REFUSED = /44\{/;

/** A peer that costs as little as Node allows: bytes out, a count of bytes in, and no frame is parsed. */
export class LoadPeer {
  /** Gets the number of bytes that came, and where they are until it returns. */
  onBytes: (count: number, bytes: Buffer) => void = ignore;
  readonly #socket: Socket;
  #head = '';
  readonly #connect: Buffer | undefined;
  #isConnecting = false;
  #open = false;
  #reading = true;
  #opened: () => void = ignore;
  #failed: (error: Error) => void = ignore;
  #closed: () => void = ignore;

  private constructor(port: number, login: Login) {
    this.#connect = login.connect;
    const onread = { buffer: shared, callback: (count: number) => this.#read(count) };
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
    this.#socket.on('error', (error) => this.#failed(error));
    this.#socket.on('close', () => {
      this.#failed(new Error('the server closed the connection'));
      this.#closed();
    });
    this.#socket.write(login.request);
  }

  /** Resolves once the server has let the peer in. */
  static open(port: number, login: Login): Promise<LoadPeer> {
    return new Promise((resolve, reject) => {
      const peer = new LoadPeer(port, login);
      peer.#failed = reject;
      peer.#opened = () => {
        peer.#failed = fail;
        resolve(peer);
      };
    });
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** From now on nothing is taken off the socket, which the server may close for that. */
  stopReading(): void {
    this.#failed = ignore;
    this.#reading = false;
    this.#socket.pause();
  }

  /** The closing handshake; resolves when the server has closed the connection. */
  close(): Promise<void> {
    this.onBytes = ignore;
    this.#failed = ignore;
    return new Promise((resolve) => {
      this.#closed = resolve;
      if (this.#socket.destroyed) resolve();
      else this.#socket.write(closeFrame);
    });
  }

  destroy(): void {
    this.#failed = ignore;
    this.#socket.destroy();
  }

  #read(count: number): boolean {
    if (this.#open) this.onBytes(count, shared);
    else this.#readHead(count);
    return this.#reading;
  }

  #readHead(count: number): void {
    this.#head += shared.toString('latin1', 0, count);
    const end = this.#head.indexOf(HEAD_END);
    if (end === -1) return;
    if (!this.#head.startsWith('HTTP/1.1 101 ')) {
      this.#refused(this.#head.slice(0, this.#head.indexOf('\r\n')));
    } else if (this.#needsNothingMore(this.#head.slice(end + HEAD_END.length))) {
      this.#head = '';
      this.#open = true;
      this.#opened();
    }
  }

  /** @param said by the server after its head */
  #needsNothingMore(said: string): boolean {
    if (this.#isConnecting) {
      if (REFUSED.test(said)) this.#refused('CONNECT_ERROR');
      return ACCEPTED.test(said);
    }
    if (this.#connect === undefined) return true;
    if (SPOKEN.test(said)) {
      this.#isConnecting = true;
      this.#socket.write(this.#connect);
    }
    return false;
  }

  #refused(answer: string): void {
    this.#failed(new Error(`refused: ${answer}`));
    this.#socket.destroy();
  }
}

function ignore(): void {}

/** Ends the process, and with it all that waits for bytes that will not come. */
function fail(error: Error): never {
  throw error;
}
