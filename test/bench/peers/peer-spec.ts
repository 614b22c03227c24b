import type { MeterService } from '../harness/meter.js';

/**
 * Who is measured: a bare ws server, the same with a login (jose), the same that looks through all its connections for a
 * tenant's, socket.io with that login (in a cluster with either of its adapters for Redis), Node-RED with its built-in
 * nodes, Node-RED with ours, the same while it is being operated, the same without the cluster of the others, the same from
 * another checkout, and servers that only write frames, in C and on Node's sockets.
 */
export type PeerName =
  | 'ws'
  | 'ws+jose'
  | 'ws+scan'
  | 'socket.io'
  | 'socket.io sharded'
  | 'core'
  | 'ours'
  | 'ours+operated'
  | 'ours alone'
  | 'other'
  | 'floor'
  | 'net';

/** What is spoken inside of WebSocket messages: nothing but the payload, or the protocol of socket.io. */
export type Dialect = 'plain' | 'socket.io';

/** What a server does with a message: send it back, to everybody, or to the sender's tenant. */
export type Task = 'echo' | 'broadcast' | 'tenant';

export type Algorithm = 'HS256' | 'RS256' | 'ES256';

/** How a server checks tokens. */
export interface VerificationKeys {
  readonly algorithm: Algorithm;
  readonly secret: string;
  readonly jwks: { readonly keys: readonly Record<string, unknown>[] };
  readonly jwksUri: string;
}

/** What the instances of a cluster have in common. */
export interface ClusterSpec {
  /** Of the broker, on 127.0.0.1. */
  readonly port: number;
  readonly secret: string;
}

export interface PeerSpec {
  readonly name: PeerName;
  readonly task: Task;
  /** Where the package is that a Node-RED loads; default: here. */
  readonly packageFolder?: string;
  /** Ignored by the peers that have no login. */
  readonly keys: VerificationKeys;
  /** Absent: the peer is alone. */
  readonly cluster?: ClusterSpec;
}

/** The path that every peer serves. */
export const PATH = '/ws';

/** The id of the config node that serves it, where the peer is a Node-RED. */
export const LISTENER = 'listener';

/** Longer than any run: the load generator counts bytes and would take a ping for a piece of a message. */
export const NO_PINGS_MS = 3_600_000;

export interface PeerService extends MeterService {
  /** Starts to serve on 127.0.0.1; resolves with the port. */
  start(spec: PeerSpec): Promise<number>;
}

/** Whether a peer is Node-RED with our nodes. */
export function isOurs(name: PeerName): boolean {
  return name === 'ours' || name === 'ours+operated' || name === 'ours alone' || name === 'other';
}

/** Whether a peer asks for a token. */
export function hasLogin(name: PeerName): boolean {
  return name === 'ws+jose' || name === 'ws+scan' || isSocketIo(name) || isOurs(name);
}

export function dialectOf(name: PeerName): Dialect {
  return isSocketIo(name) ? 'socket.io' : 'plain';
}

export function isSocketIo(name: PeerName): boolean {
  return name === 'socket.io' || name === 'socket.io sharded';
}
