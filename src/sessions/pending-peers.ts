import type { WebSocket } from 'ws';
import { Rejection } from '../handshake/rejection.js';
import type { Upgrade } from '../handshake/upgrade.js';
import { CLOSE } from './endings.js';
import { PendingPeer, type PendingSettings, type PendingSteps } from './pending-peer.js';

/** Peers of one listener that may be pending at a time: each holds a socket. */
const MAX_PENDING = 256;

/** The peers of a listener that have a WebSocket and are nobody yet. */
export class PendingPeers {
  readonly #settings: PendingSettings;
  readonly #steps: PendingSteps;
  readonly #peers = new Set<PendingPeer>();

  constructor(settings: PendingSettings, steps: PendingSteps) {
    this.#settings = settings;
    this.#steps = steps;
  }

  /** @throws Rejection where there is no room for one more */
  checkRoom(): void {
    if (this.#peers.size >= MAX_PENDING) throw new Rejection('too_many_handshakes');
  }

  hold(socket: WebSocket, upgrade: Upgrade, address: string): void {
    const peer = new PendingPeer(socket, upgrade, address, this.#settings, {
      ...this.#steps,
      left: () => this.#peers.delete(peer),
    });
    this.#peers.add(peer);
  }

  /** Pings all, and cuts off those that are gone. */
  checkAlive(): void {
    for (const peer of this.#peers) peer.checkAlive();
  }

  close(): void {
    for (const peer of this.#peers) peer.close(CLOSE.serviceRestart);
  }
}
