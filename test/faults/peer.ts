import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import WebSocket from 'ws';

/** One message of the drill, as text: the tenant it is for, who said it, in which round, and whether it is counted. */
export interface Said {
  readonly tenant: string;
  readonly by: string;
  readonly round: number;
  readonly counted: boolean;
}

/** A WebSocket client of the drill. */
export class Peer {
  readonly id: string;
  readonly tenant: string;
  /** The code it was closed with, 1006 where there was none; undefined while it is open. */
  closeCode: number | undefined;
  readonly closed: Promise<unknown>;
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;
  #heard = 0;

  /** Resolves once the connection is open; rejects with the HTTP status where it is refused. */
  static async connect(
    url: string,
    id: string,
    tenant: string,
    received: (peer: Peer, said: Said) => void,
  ): Promise<Peer> {
    const webSocket = new WebSocket(url, { perMessageDeflate: false });
    const upgraded = once(webSocket, 'upgrade');
    upgraded.catch(() => {});
    await once(webSocket, 'open');
    const [{ socket }] = (await upgraded) as [IncomingMessage];
    return new Peer(webSocket, socket, id, tenant, received);
  }

  private constructor(
    webSocket: WebSocket,
    socket: Socket,
    id: string,
    tenant: string,
    received: (peer: Peer, said: Said) => void,
  ) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.id = id;
    this.tenant = tenant;
    webSocket.on('error', () => {}); // 'close' follows
    webSocket.on('message', (data) => {
      this.#heard += 1;
      received(this, read(String(data)));
    });
    this.closed = new Promise<void>((resolve) => {
      webSocket.once('close', (code) => {
        this.closeCode = code;
        resolve();
      });
    });
  }

  say(round: number, counted: boolean, filler = ''): void {
    this.#webSocket.send([this.tenant, this.id, round, counted ? 'counted' : 'not', filler].join('|'));
  }

  /** Vanishes with an RST. */
  cut(): void {
    this.#socket.resetAndDestroy();
  }

  stopReading(): void {
    this.#socket.pause();
  }

  readOn(): void {
    this.#socket.resume();
  }

  /** Resolves with whether so many messages have come since the connection was opened, within `patienceMs`. */
  async heard(count: number, patienceMs: number): Promise<boolean> {
    const over = wait(patienceMs, undefined, { ref: false });
    let waiting = true;
    void over.then(() => {
      waiting = false;
    });
    while (waiting && this.#heard < count && this.closeCode === undefined) {
      await Promise.race([once(this.#webSocket, 'message'), this.closed, over]);
    }
    return this.#heard >= count;
  }

  close(): void {
    this.#webSocket.close();
  }
}

function read(text: string): Said {
  const [tenant = '', by = '', round = '', counted] = text.slice(0, 100).split('|');
  return { tenant, by, round: Number(round), counted: counted === 'counted' };
}
