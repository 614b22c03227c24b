import type { Usage } from '../harness/meter.js';
import type { Dialect } from '../peers/peer-spec.js';
import type { BroadcastOptions, BroadcastResult } from './broadcast.js';
import type { EchoOptions, EchoResult } from './echo.js';
import type { HandshakeOptions, HandshakeResult } from './handshakes.js';
import type { TalkOptions, TalkResult } from './talk.js';
import type { SigningKey } from './tokens.js';
import type { WayOptions, WayResult } from './way.js';

/** Where to connect, and as whom. */
export interface Target {
  readonly port: number;
  readonly dialect: Dialect;
  /** Absent: no token is sent. */
  readonly key?: SigningKey;
  /** Whether the address names the tenant, too: a balancer goes by that. */
  readonly namesTenant?: boolean;
}

export interface OpenOptions extends Target {
  readonly count: number;
  /** This many of them, the first ones, belong to a tenant of their own; default: all are of one tenant. */
  readonly first?: number;
}

export interface TenantsOptions extends Target {
  /** The names of the tenants begin so. */
  readonly name: string;
  readonly tenants: number;
  readonly perTenant: number;
}

/** What the load generator does. Its connections stay open from one call to the next. */
export interface LoadService {
  usage(): Usage | Promise<Usage>;
  open(options: OpenOptions): Promise<void>;
  /** Opens connections of many tenants: all of one, then all of the next. */
  openTenants(options: TenantsOptions): Promise<void>;
  /** Opens and closes connections beside those that are open. */
  handshakes(options: HandshakeOptions): Promise<HandshakeResult>;
  echo(options: EchoOptions): Promise<EchoResult>;
  /** One message there and back on each connection, compared to the byte. */
  echoOnce(options: Pick<EchoOptions, 'bytes' | 'isBinary'>): Promise<void>;
  broadcast(options: BroadcastOptions): Promise<BroadcastResult>;
  way(options: WayOptions): Promise<WayResult>;
  talk(options: TalkOptions): Promise<TalkResult>;
  /** Resolves once what the first connection sends reaches so many of the first ones. */
  settle(options: { readonly audience: number }): Promise<void>;
  /** Opens a connection that never reads. */
  openDeaf(target: Target): Promise<void>;
  close(): Promise<void>;
}
