import type { IncomingMessage } from 'node:http';
import type { OriginRule } from '../config/origins.js';
import type { TokenPlaces } from '../config/token-sources.js';
import type { KeysEvent } from '../events/events.js';
import type { Identity } from '../token/identity.js';
import { withSessionClaims } from '../token/session-claims.js';
import { type Decision, type DecisionSteps, decide, identityBy, PENDING, refuse } from './decide.js';
import { askMiddleware, type Middleware } from './middleware.js';
import {
  type IdentifyingOptions,
  type IdentifyingSettings,
  type OpenIdentify,
  openIdentify,
} from './open-identify.js';
import { peerAddress } from './request-facts.js';
import { type RevokedTokens, revocable } from './revocable.js';
import type { VerifyClient } from './verify-client.js';
import { WaitingRoom } from './waiting-room.js';

export interface AdmissionOptions extends Omit<IdentifyingOptions, 'path'>, TokenPlaces {
  readonly origins: readonly OriginRule[];
  /** The claims that a flow is told. */
  readonly sessionClaims: readonly string[];
}

/** What every listener of a runtime shares of the handshake; sizes in bytes, times in milliseconds. */
export interface AdmissionSettings extends IdentifyingSettings {
  /** The user's own check, asked before the token is looked for. */
  readonly verifyClient?: VerifyClient | undefined;
  /** Within this time a request is answered. */
  readonly handshakeTimeoutMs: number;
  /** The user's own functions, asked last. */
  readonly middleware?: readonly Middleware[] | undefined;
}

/** The one place that decides who may connect to a listener. */
export class Admission {
  readonly #who: OpenIdentify;
  readonly #path: string;
  readonly #middleware: readonly Middleware[];
  readonly #sessionClaims: readonly string[];
  readonly #steps: DecisionSteps;
  readonly #waitingRoom: WaitingRoom;

  /**
   * Begins to fetch keys where they come from an endpoint.
   * @param path the listener's, for the user's own functions
   * @throws ConfigurationError
   */
  constructor(
    path: string,
    options: AdmissionOptions,
    settings: AdmissionSettings,
    emit: (event: KeysEvent) => void,
    revoked: RevokedTokens,
  ) {
    this.#path = path;
    this.#middleware = settings.middleware ?? [];
    this.#sessionClaims = options.sessionClaims;
    const { handshakeTimeoutMs, verifyClient, trustProxy } = settings;
    this.#who = openIdentify({ ...options, path }, settings, emit);
    const identify = revocable(this.#who.identify, revoked);
    this.#steps = { origins: options.origins, trustProxy, verifyClient, places: options, identify };
    this.#waitingRoom = new WaitingRoom(handshakeTimeoutMs);
  }

  /**
   * Says who sent an upgrade request.
   * @throws Rejection for the peer to be told; PeerGone where it has hung up
   */
  decide(request: IncomingMessage): Decision | Promise<Decision> {
    return this.#waitingRoom.wait(request, () => {
      const decision = decide(request, this.#steps);
      return decision instanceof Promise
        ? decision.then((one) => this.#complete(request, one))
        : this.#complete(request, decision);
    });
  }

  /**
   * Says who has sent a token in a message, by the configuration of now.
   * @param request the upgrade that the connection began with
   * @throws Rejection for the peer to be told; PeerGone where it has hung up
   */
  authenticate(request: IncomingMessage, token: string): Identity | Promise<Identity> {
    return this.#waitingRoom.wait(request, () => {
      const identity = identityBy(this.#steps.identify, request, token);
      return identity instanceof Promise
        ? identity.then((one) => this.#ask(request, one))
        : this.#ask(request, identity);
    });
  }

  #complete(request: IncomingMessage, decision: Decision): Decision | Promise<Decision> {
    return decision === PENDING ? decision : this.#ask(request, decision);
  }

  /** Asks the user's own functions about a peer that is known by now, and chooses what a flow is told of its claims. */
  #ask(request: IncomingMessage, identity: Identity): Identity | Promise<Identity> {
    if (this.#middleware.length === 0) return this.#withClaims(identity);
    const address = peerAddress(request, this.#steps.trustProxy);
    const info = { request, path: this.#path, address, identity };
    return Promise.resolve()
      .then(() => askMiddleware(this.#middleware, info))
      .then((one) => this.#withClaims(one));
  }

  /** @throws Rejection */
  #withClaims(identity: Identity): Identity {
    try {
      return withSessionClaims(identity, this.#sessionClaims);
    } catch (error) {
      return refuse(error);
    }
  }

  /** Lets go of timers and requests. */
  close(): void {
    this.#who.close();
  }
}
