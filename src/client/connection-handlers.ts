import type { MessageOrigin } from '../endpoint/receivers.js';
import type { Session } from '../sessions/session.js';
import type { ConnectionEnd } from './connection-end.js';
import type { Peer } from './peer.js';

/** Told of what becomes of a connection. */
export interface ConnectionHandlers {
  opened(peer: Peer): void;
  received(data: Buffer, isBinary: boolean, origin: MessageOrigin): void;
  /** The server has taken a token that came by message. `expiresIn`: seconds until it expires; null: never. */
  loggedIn(expiresIn: number | null): void;
  /** The server has not taken a newer token; `code` is its own word for why, or `unauthorized`. */
  loginRefused(code: string): void;
  /** The server says that the token in use is about to expire. */
  expiring(): void;
  /** Something went wrong with an open connection; its end follows. */
  failed(session: Session): void;
  /** Called once, last. */
  ended(end: ConnectionEnd): void;
}
