import type { IncomingMessage } from 'node:http';
import type { Identity } from '../token/identity.js';
import type { VerifyClient } from '../token/verify-token.js';
import { Rejection } from './rejection.js';
import { askVerifyHook, type VerifyHook } from './verify-client.js';

export interface HandshakeOptions {
  readonly verifyClient: VerifyClient;
  /** The user's own check, asked first. */
  readonly verifyHook?: VerifyHook;
  /** Within this time a request is answered, in milliseconds. */
  readonly timeoutMs: number;
}

/** The peer hung up while its token was looked at: there is nobody to answer. */
export class PeerGone extends Error {
  constructor() {
    super('the peer closed the connection during the handshake');
    this.name = 'PeerGone';
  }
}

/** Upgrade requests of one listener that may wait at once: each holds a socket. */
const MAX_WAITING = 256;

/** Decides upgrade requests, a bounded number at a time and each within a bounded time. */
export class Handshake {
  readonly #options: HandshakeOptions;
  #waiting = 0;

  constructor(options: HandshakeOptions) {
    this.#options = options;
  }

  /**
   * Resolves with who sent the request.
   * @throws Rejection for the peer to be told; PeerGone where it has hung up
   */
  async decide(request: IncomingMessage): Promise<Identity> {
    if (this.#waiting >= MAX_WAITING) throw new Rejection('too_many_handshakes');
    this.#waiting += 1;
    try {
      return await this.#withinTime(request, this.#verify(request));
    } finally {
      this.#waiting -= 1;
    }
  }

  async #verify(request: IncomingMessage): Promise<Identity> {
    const { verifyClient, verifyHook } = this.#options;
    if (verifyHook !== undefined) await askVerifyHook(verifyHook, request);
    return verifyClient(request.url ?? '');
  }

  async #withinTime(request: IncomingMessage, verification: Promise<Identity>): Promise<Identity> {
    const { socket } = request;
    let stop = () => {};
    const cutShort = new Promise<never>((_, reject) => {
      const timer = setTimeout(() => reject(new Rejection('handshake_timeout')), this.#options.timeoutMs);
      const hungUp = () => reject(new PeerGone());
      socket.once('close', hungUp);
      stop = () => {
        clearTimeout(timer);
        socket.off('close', hungUp);
      };
    });
    return Promise.race([verification, cutShort]).finally(stop);
  }
}
