import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ConfigurationError } from '../config/codes.js';
import { Faulty } from '../endpoint/faulty.js';
import type { EndpointEvent } from '../events/events.js';
import { ObservedState } from '../events/state.js';
import { refuseUpgrade } from '../handshake/refuse-upgrade.js';
import { Rejection } from '../handshake/rejection.js';
import { peerAddress } from '../handshake/request-facts.js';
import type { Claimant } from '../handshake/upgrade-router.js';
import { refused } from './refused.js';

/** A listener that must not work as it is configured. It still owns its path, answers 503, and says so. */
export class Misconfigured extends Faulty implements Claimant {
  readonly id: string;
  readonly path: string;
  readonly #rejection: Rejection;
  readonly #trustProxy: number;
  readonly #events = new ObservedState();

  /** @param trustProxy proxies in front of the server */
  constructor(
    claim: { readonly id: string; readonly path: string },
    error: ConfigurationError,
    trustProxy: number,
  ) {
    super(error);
    this.#trustProxy = trustProxy;
    this.id = claim.id;
    this.path = claim.path;
    this.#rejection = new Rejection('unavailable', { problem: error.code });
  }

  override observe(observer: (event: EndpointEvent) => void): () => void {
    return this.#events.observe(observer);
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex): void {
    socket.on('error', () => {});
    this.#events.emit(refused(this.#rejection, peerAddress(request, this.#trustProxy), request));
    refuseUpgrade(socket, this.#rejection);
  }

  setOwner(): void {}
}
