import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ConfigurationError } from '../config/codes.js';
import { Faulty } from '../endpoint/faulty.js';
import { refuseUpgrade } from '../handshake/refuse-upgrade.js';
import { Rejection } from '../handshake/rejection.js';
import type { Claimant } from '../handshake/upgrade-router.js';

/** A listener that must not work as it is configured. It still owns its path, and answers 503. */
export class Misconfigured extends Faulty implements Claimant {
  readonly id: string;
  readonly path: string;

  constructor(claim: { readonly id: string; readonly path: string }, error: ConfigurationError) {
    super(error);
    this.id = claim.id;
    this.path = claim.path;
  }

  handleUpgrade(_request: IncomingMessage, socket: Duplex): void {
    socket.on('error', () => {});
    refuseUpgrade(socket, new Rejection('unavailable'));
  }

  setOwner(): void {}
}
