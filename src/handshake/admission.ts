import type { IncomingMessage } from 'node:http';
import type { KeysEvent } from '../events/events.js';
import type { Identity } from '../token/identity.js';
import { decide } from './decide.js';
import {
  type IdentifyingOptions,
  type IdentifyingSettings,
  type OpenIdentify,
  openIdentify,
} from './open-identify.js';
import type { VerifyClient } from './verify-client.js';
import { WaitingRoom } from './waiting-room.js';

/** What every listener of a runtime shares of the handshake; sizes in bytes, times in milliseconds. */
export interface AdmissionSettings extends IdentifyingSettings {
  /** The user's own check, asked first. */
  readonly verifyClient?: VerifyClient | undefined;
  /** Within this time a request is answered. */
  readonly handshakeTimeoutMs: number;
}

/** The one place that decides who may connect to a listener. */
export class Admission {
  readonly #who: OpenIdentify;
  readonly #verifyClient: VerifyClient | undefined;
  readonly #waitingRoom: WaitingRoom;

  /** Begins to fetch keys where they come from an endpoint. @throws ConfigurationError */
  constructor(options: IdentifyingOptions, settings: AdmissionSettings, emit: (event: KeysEvent) => void) {
    const { handshakeTimeoutMs, verifyClient } = settings;
    this.#who = openIdentify(options, settings, emit);
    this.#verifyClient = verifyClient;
    this.#waitingRoom = new WaitingRoom(handshakeTimeoutMs);
  }

  /**
   * Says who sent an upgrade request.
   * @throws Rejection for the peer to be told; PeerGone where it has hung up
   */
  decide(request: IncomingMessage): Identity | Promise<Identity> {
    return this.#waitingRoom.wait(request, () => decide(request, this.#who.identify, this.#verifyClient));
  }

  /** Lets go of timers and requests. */
  close(): void {
    this.#who.close();
  }
}
