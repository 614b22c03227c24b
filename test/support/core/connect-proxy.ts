import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** What a proxy was asked, and with whose credentials. */
export interface ProxyRequest {
  readonly method: string;
  readonly target: string;
  readonly authorization: string | undefined;
}

/** An HTTP proxy that knows CONNECT only, and logs what it is asked. */
export class ConnectProxy {
  readonly log: ProxyRequest[] = [];
  /** Where targets are that nobody else can find, `host:port` to `host:port`. */
  readonly routes = new Map<string, string>();
  /** `hang` never answers; a number refuses with that status. */
  behaviour: 'tunnel' | 'hang' | number = 'tunnel';
  /** `user:password` that it asks for. */
  credentials: string | undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #asked: (() => void)[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#note(request.method ?? '', request.url ?? '', undefined);
      response.writeHead(405).end();
    });
    this.#server.on('connection', (socket: Socket) => this.#keep(socket));
    this.#server.on('connect', (request, client: Socket, head: Buffer) => {
      const authorization = request.headers['proxy-authorization'];
      this.#note('CONNECT', request.url ?? '', authorization);
      const expected = this.credentials && `Basic ${Buffer.from(this.credentials).toString('base64')}`;
      if (this.behaviour === 'hang') {
        client.once('end', () => client.end()).resume(); // else nobody hears that the client hung up
        return;
      }
      if (authorization !== expected) client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      else if (this.behaviour !== 'tunnel') client.end(`HTTP/1.1 ${this.behaviour} No\r\n\r\n`);
      else this.#tunnel(request.url ?? '', client, head);
    });
  }

  static async start(): Promise<ConnectProxy> {
    const proxy = new ConnectProxy();
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get targets(): string[] {
    return this.log.map(({ target }) => target);
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  /** Resolves at the next request. */
  asked(): Promise<void> {
    return new Promise((resolve) => this.#asked.push(resolve));
  }

  /** Resolves when every socket to the proxy is gone. */
  async idle(): Promise<void> {
    await Promise.all(
      [...this.#sockets].map(
        (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
      ),
    );
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #note(method: string, target: string, authorization: string | undefined): void {
    this.log.push({ method, target, authorization });
    for (const tell of this.#asked.splice(0)) tell();
  }

  #tunnel(target: string, client: Socket, head: Buffer): void {
    const { hostname, port } = new URL(`http://${this.routes.get(target) ?? target}`);
    const server = this.#keep(connect(Number(port || 80), hostname));
    server.once('connect', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      server.write(head);
      server.pipe(client).pipe(server);
    });
    server.once('close', () => client.destroy());
    client.once('close', () => server.destroy());
  }

  #keep(socket: Socket): Socket {
    this.#sockets.add(socket);
    socket.on('error', () => {}); // 'close' follows
    socket.once('close', () => this.#sockets.delete(socket));
    return socket;
  }
}
