import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import type { ListenerOptions } from '../config/listener-options.js';
import type { KeysEvent } from '../events/events.js';
import type { Admission } from '../handshake/admission.js';
import { answerUpgrade, type UpgradeSteps } from '../handshake/answer-upgrade.js';
import { type Decision, PENDING } from '../handshake/decide.js';
import { RefusalsByClose } from '../handshake/refuse-by-close.js';
import type { RevokedTokens } from '../handshake/revocable.js';
import type { Upgrade } from '../handshake/upgrade.js';
import type { PathParams } from '../handshake/upgrade-router.js';
import type { Membership } from '../sessions/membership.js';
import type { PendingSettings } from '../sessions/pending-peer.js';
import { PendingPeers } from '../sessions/pending-peers.js';
import type { Revocations } from '../sessions/revocations.js';
import type { Identity } from '../token/identity.js';
import type { Reception } from './reception.js';
import { refused } from './refused.js';
import { socketServer } from './socket-server.js';
import type { Standing } from './standing.js';

export interface EntranceSettings extends PendingSettings {
  /** Proxies in front of the server. */
  readonly trustProxy: number;
}

/** Makes what decides who may connect, of where to report what happens to the keys and of what is revoked. */
export type OpenAdmission = (emit: (event: KeysEvent) => void, revoked: RevokedTokens) => Admission;

/** What a peer passes on its way in. */
interface Inside {
  readonly standing: Standing;
  readonly members: Membership;
  readonly revocations: Revocations;
  readonly reception: Reception;
  /** Resolves once a peer of that identity can be served, or undefined where it can be now; absent: all can be. */
  readonly ready?: ((identity: Identity) => Promise<void> | undefined) | undefined;
}

/** Where peers come in, or are refused. */
export class Entrance {
  readonly #inside: Inside;
  readonly #admission: Admission;
  readonly #steps: UpgradeSteps;
  readonly #server: WebSocketServer;
  readonly #pending: PendingPeers | undefined;

  constructor(
    options: ListenerOptions,
    settings: EntranceSettings,
    inside: Inside,
    openAdmission: OpenAdmission,
  ) {
    const { standing, revocations } = inside;
    this.#inside = inside;
    this.#server = socketServer(options.maxPayload);
    this.#admission = openAdmission((event) => standing.keysChanged(event), revocations);
    this.#steps = {
      trustProxy: settings.trustProxy,
      byClose: options.refusal === 'close' ? new RefusalsByClose() : undefined,
      decide: (request) => this.#admission.decide(request),
      ...(inside.ready && { ready: (decision) => this.#ready(decision) }),
      admit: (decision) => this.#admit(decision),
      accept: (...accepted) => this.#accept(...accepted),
      refused: (...given) => standing.emit(refused(...given)),
    };
    if (options.tokenSources.includes('message')) this.#pending = this.#openPending(settings);
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, params?: PathParams): void {
    const startedMs = performance.now();
    answerUpgrade(this.#server, { request, socket, head, params, startedMs }, this.#steps);
  }

  /** Says who shows a token. Throws or rejects: a Rejection, or PeerGone. */
  authenticate(request: IncomingMessage, token: string): Identity | Promise<Identity> {
    return this.#admission.authenticate(request, token);
  }

  /** Pings the peers that are nobody yet. */
  checkAlive(): void {
    this.#pending?.checkAlive();
  }

  /** Ends the connections of peers that are nobody yet. */
  closePending(): void {
    this.#pending?.close();
  }

  close(): void {
    this.#steps.byClose?.close();
    this.#admission.close();
  }

  /** @throws Rejection */
  #admit(decision: Decision): void {
    const { standing, revocations, members } = this.#inside;
    standing.check();
    if (decision === PENDING) {
      this.#pending?.checkRoom();
    } else {
      revocations.check(decision); // it may have been revoked since it was verified
      members.checkRoom(decision);
    }
  }

  /** Nobody gets ready for who would be refused. */
  #ready(decision: Decision): Promise<void> | undefined {
    if (decision === PENDING) return undefined;
    this.#admit(decision);
    return this.#inside.ready?.(decision);
  }

  #accept(socket: WebSocket, upgrade: Upgrade, decision: Decision, address: string): void {
    if (decision === PENDING) this.#pending?.hold(socket, upgrade, address);
    else this.#inside.reception.receive(socket, upgrade, decision, address);
  }

  #openPending(settings: PendingSettings): PendingPeers {
    const { reception } = this.#inside;
    return new PendingPeers(settings, {
      authenticate: (...shown) => this.authenticate(...shown),
      ready: (identity) => this.#inside.ready?.(identity),
      admit: (identity) => this.#admit(identity),
      accept: (...accepted) => reception.receive(...accepted),
      refused: this.#steps.refused,
      expiresIn: (identity) => reception.expiresIn(identity),
    });
  }
}
