import type { IncomingMessage } from 'node:http';
import type { Validation } from '../config/listener-options.js';
import type { KeysEvent } from '../events/events.js';
import type { JwksTiming } from '../keys/jwks.js';
import type { KeyRoute } from '../keys/key-request.js';
import type { Keys } from '../keys/keys.js';
import { openKeys } from '../keys/open-keys.js';
import { createIdentify, type Identify } from '../token/identify.js';
import type { Identity } from '../token/identity.js';
import type { Expected } from '../token/rules/rules.js';
import { decide } from './decide.js';
import type { VerifyClient } from './verify-client.js';
import { WaitingRoom } from './waiting-room.js';

export interface AdmissionOptions extends Expected {
  readonly validation: Validation;
}

/** What every listener of a runtime shares of the handshake; sizes in bytes, times in milliseconds. */
export interface AdmissionSettings {
  /** The user's own check, asked first. */
  readonly verifyClient?: VerifyClient | undefined;
  readonly maxTokenBytes: number;
  /** Within this time a request is answered. */
  readonly handshakeTimeoutMs: number;
  /** How keys that come from an endpoint are reached. */
  readonly keyRoute?: KeyRoute | undefined;
  /** For tests to shorten. */
  readonly jwksTiming?: JwksTiming | undefined;
}

/** The one place that decides who may connect to a listener. */
export class Admission {
  readonly #keys: Keys;
  readonly #identify: Identify;
  readonly #verifyClient: VerifyClient | undefined;
  readonly #waitingRoom: WaitingRoom;

  /** Begins to fetch keys where they come from an endpoint. */
  constructor(options: AdmissionOptions, settings: AdmissionSettings, emit: (event: KeysEvent) => void) {
    const { maxTokenBytes, handshakeTimeoutMs, verifyClient, jwksTiming, keyRoute } = settings;
    this.#keys = openKeys(options.validation, emit, jwksTiming, keyRoute);
    this.#identify = createIdentify(this.#keys, { ...options, maxTokenBytes });
    this.#verifyClient = verifyClient;
    this.#waitingRoom = new WaitingRoom(handshakeTimeoutMs);
  }

  /**
   * Says who sent an upgrade request.
   * @throws Rejection for the peer to be told; PeerGone where it has hung up
   */
  decide(request: IncomingMessage): Identity | Promise<Identity> {
    return this.#waitingRoom.wait(request, () => decide(request, this.#identify, this.#verifyClient));
  }

  /** Lets go of timers and requests. */
  close(): void {
    this.#keys.close();
  }
}
