import type { IncomingMessage } from 'node:http';
import { Rejection } from './rejection.js';

/** The peer hung up while it was decided upon: there is nobody to answer. */
export class PeerGone extends Error {
  constructor() {
    super('the peer closed the connection during the handshake');
    this.name = 'PeerGone';
  }
}

/** Upgrade requests of one listener that may wait at once: each holds a socket. */
const MAX_WAITING = 256;

/** Where upgrade requests of one listener wait for a decision: a bounded number, each for a bounded time. */
export class WaitingRoom {
  readonly #timeoutMs: number;
  #waiting = 0;

  /** @param timeoutMs longest wait, in milliseconds */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Waits for `decide`, where there is anything to wait for.
   * @throws what `decide` throws; Rejection where there is no room or no time; PeerGone where the peer has hung up
   */
  wait<T>(request: IncomingMessage, decide: () => T | Promise<T>): T | Promise<T> {
    if (this.#waiting >= MAX_WAITING) throw new Rejection('too_many_handshakes');
    const decision = decide();
    return decision instanceof Promise ? this.#withinTime(request, decision) : decision;
  }

  #withinTime<T>({ socket }: IncomingMessage, decision: Promise<T>): Promise<T> {
    this.#waiting += 1;
    let leave = () => {};
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Rejection('handshake_timeout')), this.#timeoutMs);
      const hungUp = () => reject(new PeerGone());
      socket.once('close', hungUp);
      decision.then(resolve, reject);
      leave = () => {
        clearTimeout(timer);
        socket.off('close', hungUp);
        this.#waiting -= 1;
      };
    }).finally(() => leave());
  }
}
