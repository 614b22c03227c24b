import type { LookupFunction } from 'node:net';
import type { ClientOptions } from 'ws';
import { Authority } from '../core/certificates.js';
import { ListenerServer, type ListenerServerOptions } from '../core/listener-server.js';
import { type Refused, SocketClient } from '../core/socket-client.js';
import { fences } from '../docs/fences.js';
import type { ProxyKind } from './proxy-kind.js';
import { ReverseProxy } from './reverse-proxy.js';

const GUIDE = 'docs/behind-a-proxy.md';
const authority = new Authority();
const certificate = authority.issue('example.com', ['example.com']);

export interface BehindProxyOptions {
  readonly listener?: ListenerServerOptions;
  /** In place of the guide's 60. */
  readonly idleSeconds?: number;
  /** What to make of the guide's configurations; absent: the last is the complete one. */
  readonly configure?: (blocks: readonly string[]) => string;
  /** How many listeners. */
  readonly instances?: number;
}

/** Listeners behind a proxy that runs the guide's configuration, and peers that come through it. */
export class BehindProxy {
  readonly proxy: ReverseProxy;
  readonly servers: readonly ListenerServer[];

  private constructor(proxy: ReverseProxy, servers: readonly ListenerServer[]) {
    this.proxy = proxy;
    this.servers = servers;
  }

  /** Undefined where the proxy is not installed. */
  static async start(kind: ProxyKind, options: BehindProxyOptions = {}): Promise<BehindProxy | undefined> {
    const { configure = complete, idleSeconds, instances = 1, listener } = options;
    const servers = await Promise.all(
      Array.from({ length: instances }, () => ListenerServer.start(listener)),
    );
    const proxy = await ReverseProxy.start(kind, {
      configuration: configure(fences(GUIDE, kind.language)),
      certificate,
      upstreams: servers.map(({ origin }) => Number(new URL(origin).port)),
      ...(idleSeconds === undefined ? {} : { idleSeconds }),
    });
    if (proxy !== undefined) return new BehindProxy(proxy, servers);
    for (const server of servers) await server.stop();
    return undefined;
  }

  /** The only one. */
  get server(): ListenerServer {
    const [server] = this.servers;
    if (server === undefined) throw new Error('there is none');
    return server;
  }

  /** Host and port that peers see. */
  get host(): string {
    return `example.com:${this.proxy.port}`;
  }

  /** Says who is trusted, and where example.com is. */
  get route(): { readonly ca: string; readonly lookup: LookupFunction } {
    return { ca: authority.cert, lookup };
  }

  /** @param target path and query */
  open(target: string, options: ClientOptions = {}): Promise<SocketClient> {
    return SocketClient.open(`wss://${this.host}${target}`, { ...this.route, ...options });
  }

  refused(target: string): Promise<Refused> {
    return SocketClient.refused(`wss://${this.host}${target}`, this.route);
  }

  async stop(): Promise<void> {
    await this.proxy.stop();
    for (const server of this.servers) await server.stop();
  }
}

function complete(blocks: readonly string[]): string {
  return blocks.at(-1) ?? '';
}

/** Whatever the name: it is on this machine. */
const lookup: LookupFunction = (_hostname, { all }, callback) => {
  const address = { address: '127.0.0.1', family: 4 };
  if (all === true) callback(null, [address]);
  else callback(null, address.address, address.family);
};
