import type { IncomingMessage } from 'node:http';
import type { WebSocket, WebSocketServer } from 'ws';
import type { ListenerOptions } from '../config/listener-options.js';
import type { Admission } from '../handshake/admission.js';
import { answerUpgrade, type UpgradeSteps } from '../handshake/answer-upgrade.js';
import { type Decision, PENDING } from '../handshake/decide.js';
import { RefusalsByClose } from '../handshake/refuse-by-close.js';
import type { Rejection } from '../handshake/rejection.js';
import type { Upgrade } from '../handshake/upgrade.js';
import type { PendingSettings } from '../sessions/pending-peer.js';
import { PendingPeers } from '../sessions/pending-peers.js';
import type { Identity } from '../token/identity.js';

export interface DoorSettings extends PendingSettings {
  /** Proxies in front of the server. */
  readonly trustProxy: number;
}

/** The house behind the door. */
export interface Behind {
  /** Whether this peer may come in now; asked again right before it does. @throws Rejection */
  admit(decision: Decision): void;
  /** Resolves once a peer of that identity can be served, or undefined where it can be now. */
  ready(identity: Identity): Promise<void> | undefined;
  receive(socket: WebSocket, upgrade: Upgrade, identity: Identity, address: string): void;
  /** Seconds until a peer's token expires; null: never. */
  expiresIn(identity: Identity): number | null;
  refused(rejection: Rejection, address: string): void;
}

/** Where peers come in, at once or after they have sent a token. */
export class Door {
  readonly #admission: Admission;
  readonly #steps: UpgradeSteps;
  readonly #pending: PendingPeers | undefined;

  constructor(options: ListenerOptions, settings: DoorSettings, admission: Admission, behind: Behind) {
    this.#admission = admission;
    this.#steps = {
      trustProxy: settings.trustProxy,
      byClose: options.refusal === 'close' ? new RefusalsByClose() : undefined,
      decide: (request) => admission.decide(request),
      ready: (decision) => {
        behind.admit(decision); // nobody gets ready for who would be refused
        return decision === PENDING ? undefined : behind.ready(decision);
      },
      admit: (decision) => behind.admit(decision),
      accept: (socket, upgrade, decision, address) => {
        if (decision === PENDING) this.#pending?.hold(socket, upgrade, address);
        else behind.receive(socket, upgrade, decision, address);
      },
      refused: (...refused) => behind.refused(...refused),
    };
    if (!options.tokenSources.includes('message')) return;
    this.#pending = new PendingPeers(settings, {
      authenticate: (...shown) => this.authenticate(...shown),
      ready: (identity) => behind.ready(identity),
      admit: (identity) => behind.admit(identity),
      accept: (...accepted) => behind.receive(...accepted),
      refused: (...refused) => behind.refused(...refused),
      expiresIn: (identity) => behind.expiresIn(identity),
    });
  }

  /** Answers an upgrade request. */
  answer(server: WebSocketServer, upgrade: Upgrade): void {
    answerUpgrade(server, upgrade, this.#steps);
  }

  /** Says who shows a token. @throws Rejection, PeerGone */
  authenticate(request: IncomingMessage, token: string): Identity | Promise<Identity> {
    return this.#admission.authenticate(request, token);
  }

  /** @throws Rejection where there is no room for one more that is nobody yet */
  checkPendingRoom(): void {
    this.#pending?.checkRoom();
  }

  /** Pings those that are nobody yet. */
  checkAlive(): void {
    this.#pending?.checkAlive();
  }

  /** Sends away those that are nobody yet. */
  closePending(): void {
    this.#pending?.close();
  }

  /** Refuses what is still being decided, and lets go of all timers. */
  close(): void {
    this.#steps.byClose?.close();
    this.#admission.close();
  }
}
