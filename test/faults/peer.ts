import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import WebSocket from 'ws';
import { SERVER_HEADER } from '../support/cluster/haproxy.js';

/** Who is told of what a peer lives through, as it happens. */
export interface Hearer {
  opened?(peer: Peer): void;
  received(peer: Peer, text: string): void;
  closed?(peer: Peer): void;
}

/** A WebSocket client of the drill: one connection. */
export class Peer {
  readonly id: string;
  readonly tenant: string;
  /** The code it was closed with, 1006 where there was none; undefined while it is open. */
  closeCode: number | undefined;
  readonly closed: Promise<unknown>;
  readonly #webSocket: WebSocket;
  #socket: Socket | undefined;
  #server: string | undefined;
  #heard = 0;

  /** Resolves once the connection is open; rejects with the HTTP status where it is refused. */
  static async connect(url: string, id: string, tenant: string, hearer: Hearer): Promise<Peer> {
    const peer = new Peer(new WebSocket(url, { perMessageDeflate: false }), id, tenant, hearer);
    await once(peer.#webSocket, 'open');
    return peer;
  }

  private constructor(webSocket: WebSocket, id: string, tenant: string, hearer: Hearer) {
    this.#webSocket = webSocket;
    this.id = id;
    this.tenant = tenant;
    webSocket.once('upgrade', ({ socket, headers }: IncomingMessage) => {
      this.#socket = socket;
      this.#server = headers[SERVER_HEADER]?.toString();
    });
    webSocket.once('open', () => hearer.opened?.(this));
    webSocket.on('error', () => {}); // 'close' follows
    webSocket.on('message', (data) => {
      this.#heard += 1;
      hearer.received(this, String(data));
    });
    this.closed = new Promise<void>((resolve) => {
      webSocket.once('close', (code) => {
        this.closeCode = code;
        hearer.closed?.(this);
        resolve();
      });
    });
  }

  /** Which of its servers a balancer has chosen, where it says so. */
  get server(): string | undefined {
    return this.#server;
  }

  /** The port it is connected to: the server's, or the balancer's. */
  get port(): number | undefined {
    return this.#socket?.remotePort;
  }

  say(text: string): void {
    this.#webSocket.send(text);
  }

  /** Vanishes with an RST. */
  cut(): void {
    this.#socket?.resetAndDestroy();
  }

  stopReading(): void {
    this.#socket?.pause();
  }

  readOn(): void {
    this.#socket?.resume();
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
