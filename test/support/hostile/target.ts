import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import should from 'should';
import type { EndpointState } from '../../../src/events/events.js';
import { ListenerServer, type ListenerServerOptions } from '../core/listener-server.js';
import { rawSocket, upgradeRequest } from '../core/raw-client.js';
import { SocketClient } from '../core/socket-client.js';
import { TimerWatch } from '../core/timer-watch.js';
import { token } from '../core/tokens.js';
import { rememberTokens } from './presented-tokens.js';

export interface TargetOptions extends ListenerServerOptions {
  /** A token that lets a bystander in, one of the tenant `bystander` by default; null where nobody gets in. */
  readonly bystander?: string | null;
}

/** What an attack must leave as it was. */
interface Footing {
  readonly answerToNobody: string;
  readonly timers: number;
  readonly upgradeListeners: number;
  readonly sockets: number;
  readonly connections: number;
}

/**
 * Attacks a listener, and checks that it is where it was afterwards: what it answers, its timers, sockets and so on.
 * @param timers begun before anything of the listener's was made
 */
export async function attack(
  options: TargetOptions,
  perform: (target: Target) => Promise<void>,
  timers = new TimerWatch(),
): Promise<void> {
  const target = await Target.start(options, timers);
  try {
    const before = await target.footing();
    await perform(target);
    await target.recovered(before);
  } finally {
    await target.stop();
    timers.stop();
  }
}

/** A listener under attack, with a bystander connected whom nothing of it must reach. */
export class Target {
  readonly listener: ListenerServer;
  /** What has reached the flow, the oldest first. */
  readonly messages: Record<string, unknown>[] = [];
  readonly bystander: SocketClient | undefined;
  readonly #timers: TimerWatch;
  readonly #serverSockets = new Set<Socket>();
  readonly #peers = new Set<Socket>();
  readonly #clients = new Set<SocketClient>();

  static async start({ bystander, ...options }: TargetOptions, timers: TimerWatch): Promise<Target> {
    const listener = await ListenerServer.start(options);
    rememberTokens(listener.server);
    const sockets: Socket[] = [];
    listener.server.once('connection', (socket: Socket) => sockets.push(socket));
    const jwt = bystander === undefined ? token({ tenant_id: 'bystander' }) : bystander;
    const client = jwt === null ? undefined : await SocketClient.open(listener.url(jwt));
    return new Target(listener, client, sockets, timers);
  }

  private constructor(
    listener: ListenerServer,
    bystander: SocketClient | undefined,
    sockets: Socket[],
    timers: TimerWatch,
  ) {
    this.#timers = timers;
    this.listener = listener;
    this.bystander = bystander;
    for (const socket of sockets) this.#serverSockets.add(socket);
    listener.listener.attach((message) => this.messages.push(message));
    const { server } = listener;
    server.on('connection', (socket: Socket) => {
      this.#serverSockets.add(socket);
      socket.once('close', () => this.#serverSockets.delete(socket));
    });
    // whoever else lives on the server
    server.on('request', (_request, response) => response.writeHead(404).end());
    server.on('upgrade', (request, socket: Duplex) => {
      socket.on('error', () => {});
      if (!/^([a-z]+:\/\/[^/?#]*)?\/ws(\?|#|$)/.test(request.url?.replace(/^HTTP/, 'http') ?? '')) {
        socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
      }
    });
  }

  get port(): number {
    return (this.listener.server.address() as AddressInfo).port;
  }

  /** Opens a TCP connection, says these bytes and leaves it open. */
  async raw(bytes: string | Buffer): Promise<Socket> {
    const socket = await rawSocket(this.port, bytes);
    this.#peers.add(socket);
    return socket;
  }

  /** A peer that is let in and speaks bytes from there on; what the server says is thrown away. */
  async rawPeer(jwt = token()): Promise<Socket> {
    const socket = await this.raw(upgradeRequest(`/ws?token=${jwt}`));
    const [head] = (await once(socket, 'data')) as [Buffer];
    should(head.toString('latin1')).startWith('HTTP/1.1 101 ');
    socket.resume();
    return socket;
  }

  /** Resolves when the latest connection is closed at the server's end. */
  async serverSocketClosed(): Promise<void> {
    const latest = [...this.#serverSockets].at(-1);
    if (latest !== undefined) await closed(latest);
  }

  /** How a connection ends on which these bytes follow the handshake: the code of our close frame, or `cut` without one. */
  async endAfter(bytes: Buffer, jwt = token()): Promise<number | 'cut'> {
    const socket = await this.raw(upgradeRequest(`/ws?token=${jwt}`));
    let received: Buffer = Buffer.alloc(0);
    return new Promise((resolve) => {
      socket.once('close', () => resolve('cut'));
      socket.on('data', (chunk: Buffer) => {
        if (received.length === 0) socket.write(bytes);
        received = Buffer.concat([received, chunk]);
        const code = closeCode(received.subarray(received.indexOf('\r\n\r\n') + 4));
        if (code !== undefined) resolve(code);
      });
    });
  }

  /** A well-behaved peer that is let in. */
  async open(jwt = token()): Promise<SocketClient> {
    const client = await SocketClient.open(this.listener.url(jwt));
    this.#clients.add(client);
    return client;
  }

  /**
   * Says these bytes and sums up what comes back: `401 token_invalid`, `400`, `101`, or `closed` where nothing does.
   * An answer other than 101 ends with the connection. It has nothing in it that the request chose.
   */
  async answerTo(bytes: string | Buffer): Promise<string> {
    const socket = await this.raw(bytes);
    let answer = '';
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      socket.on('data', (chunk: Buffer) => {
        answer += chunk.toString('latin1');
        if (answer.startsWith('HTTP/1.1 101 ')) resolve();
      });
    });
    should(answer).not.match(/evil/i);
    const [, status, code] = /^HTTP\/1\.1 (\d{3}) (?:.*\{"error":"(\w+)"\}$)?/s.exec(answer) ?? [];
    if (status === '101') socket.resetAndDestroy();
    if (status === undefined) return 'closed';
    return code === undefined ? status : `${status} ${code}`;
  }

  /** Resolves when so many upgrade requests have come from now on. */
  upgrades(count: number): Promise<void> {
    const { server } = this.listener;
    let seen = 0;
    return new Promise((resolve) => {
      const see = () => {
        seen += 1;
        if (seen < count) return;
        server.off('upgrade', see);
        resolve();
      };
      server.on('upgrade', see);
    });
  }

  /** What an upgrade with this token is answered. */
  answerToToken(jwt: string): Promise<string> {
    return this.answerTo(upgradeRequest(`/ws?token=${jwt}`));
  }

  /** Waits until everybody is gone who was not there when `before` was taken, and says what is left. */
  async footing(before?: Footing): Promise<Footing> {
    const answerToNobody = await this.answerTo(upgradeRequest('/ws'));
    const bystanders = this.bystander === undefined ? 0 : 1;
    for (const peer of this.#peers) peer.resetAndDestroy();
    for (const client of this.#clients) client.socket.terminate();
    for (const socket of [...this.#serverSockets].slice(bystanders)) await closed(socket);
    const { listener, server } = this.listener;
    while (countOf(listener.state) !== (before?.connections ?? bystanders)) {
      await this.listener.next('disconnect');
    }
    return {
      answerToNobody,
      timers: await this.#timers.running(),
      upgradeListeners: server.listenerCount('upgrade'),
      sockets: this.#serverSockets.size,
      connections: bystanders,
    };
  }

  /** Checks that all is as it was, and that the bystander is served and was told nothing meanwhile. */
  async recovered(before: Footing): Promise<void> {
    should(await this.footing(before)).eql(before);
    const { bystander } = this;
    if (bystander === undefined) return;
    const { _session } = await this.listener.messageFrom(bystander, Buffer.from('still there'));
    should(await this.listener.send({ payload: 'for the bystander', _session })).equal(undefined);
    should(await bystander.nextText()).match(/for the bystander/);
    should(bystander.unread).equal(0);
  }

  async stop(): Promise<void> {
    for (const socket of [...this.#peers, ...this.#serverSockets]) socket.destroy();
    this.bystander?.socket.terminate();
    await this.listener.stop();
  }
}

/** The code of the close frame among a server's short frames (RFC 6455 §5.5.1), if it has come. */
function closeCode(frames: Buffer): number | undefined {
  let at = 0;
  while (at + 2 <= frames.length) {
    const length = frames.readUInt8(at + 1);
    const isClose = (frames.readUInt8(at) & 15) === 8;
    if (isClose && frames.length >= at + 4) return frames.readUInt16BE(at + 2);
    at += 2 + length;
  }
  return undefined;
}

function countOf(state: EndpointState): number | undefined {
  if (state.kind === 'connected' || state.kind === 'keys-unavailable') return state.count;
  return state.kind === 'idle' || state.kind === 'empty' ? 0 : undefined;
}

/** Not `once`: a reset is an error, and then no less a close. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => (socket.closed ? resolve() : socket.once('close', () => resolve())));
}
