import type { IncomingMessage } from 'node:http';
import type { WebSocket, WebSocketServer } from 'ws';
import { closeUnlessTaken } from './close-unless-taken.js';
import type { Decision } from './decide.js';
import type { RefusalsByClose } from './refuse-by-close.js';
import { refuseUpgrade } from './refuse-upgrade.js';
import { Rejection } from './rejection.js';
import { peerAddress } from './request-facts.js';
import type { Upgrade } from './upgrade.js';
import { PeerGone } from './waiting-room.js';

/** What a listener does about upgrade requests, in this order. */
export interface UpgradeSteps {
  /** Says who sent a request. Throws or rejects: a Rejection, or PeerGone where nobody is left to answer. */
  decide(request: IncomingMessage): Decision | Promise<Decision>;
  /** Resolves once the peer can be served, or undefined where it can be now. Whatever it found is checked again after it. */
  ready?(decision: Decision): Promise<void> | undefined;
  /** Final check, synchronous with `accept`: nothing can change in between. @throws Rejection */
  admit(decision: Decision): void;
  accept(webSocket: WebSocket, upgrade: Upgrade, decision: Decision, address: string): void;
  refused(rejection: Rejection, address: string, request: IncomingMessage): void;
  /** Tells refusals by closing; absent: by HTTP. */
  readonly byClose?: RefusalsByClose | undefined;
  /** Proxies in front of the server: they tell a peer's address. */
  readonly trustProxy: number;
}

/** Answers an upgrade request: with a WebSocket for a peer that is let in, else with an HTTP error. */
export function answerUpgrade(server: WebSocketServer, upgrade: Upgrade, steps: UpgradeSteps): void {
  upgrade.socket.on('error', ignore); // before anything else: an error nobody listens for ends the process
  void answer(server, upgrade, steps, upgrade.request.socket.bytesWritten);
}

/**
 * Waits also for what is decided at once: first come all other upgrade handlers of this server.
 * @param writtenBefore bytes written to the socket when the request came
 */
async function answer(
  server: WebSocketServer,
  upgrade: Upgrade,
  steps: UpgradeSteps,
  writtenBefore: number,
): Promise<void> {
  const { request, socket, head } = upgrade;
  try {
    const decision = await steps.decide(request);
    const ready = steps.ready?.(decision);
    if (ready !== undefined) await ready;
    steps.admit(decision);
    if (socket.destroyed || isAnswered(request, writtenBefore)) return closeUnlessTaken(request.socket);
    socket.off('error', ignore);
    const address = peerAddress(request, steps.trustProxy);
    server.handleUpgrade(request, socket, head, (webSocket) =>
      steps.accept(webSocket, upgrade, decision, address),
    );
  } catch (error) {
    await null; // as for what is refused at once
    if (error instanceof PeerGone || isAnswered(request, writtenBefore)) {
      return closeUnlessTaken(request.socket);
    }
    const rejection = error instanceof Rejection ? error : new Rejection('verification_failed');
    steps.refused(rejection, peerAddress(request, steps.trustProxy), request);
    if (steps.byClose?.refuse(upgrade, rejection) !== true) refuseUpgrade(socket, rejection);
  }
}

/** Another upgrade handler of this server may have answered: then the socket is no longer ours. */
function isAnswered({ socket }: IncomingMessage, writtenBefore: number): boolean {
  return socket.bytesWritten !== writtenBefore;
}

function ignore(): void {}
