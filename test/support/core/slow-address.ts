import dns from 'node:dns';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** How long the server leaves SYN packets unanswered; the kernel repeats one after a second. */
const BUSY_MS = 500;

/** Listens with a short queue, and takes nothing from it until it is told to. */
const SERVER = `
  const { parentPort, workerData: { body, gate } } = require('node:worker_threads');
  const server = require('node:http').createServer((_request, response) => response.end(body));
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(gate, 0, 0);
    Atomics.wait(gate, 0, 1, ${BUSY_MS});
  });`;

/**
 * A server that is real and far away: it takes about a second until a connection to it is there. Its name has a second
 * address, an IPv6 one where nobody is.
 */
export class SlowAddress {
  readonly uri: string;
  readonly #gate: Int32Array;
  readonly #worker: Worker;
  readonly #queued: Socket[];
  readonly #lookup = dns.lookup;

  private constructor(port: number, gate: Int32Array, worker: Worker, queued: Socket[]) {
    this.uri = `http://slow.test:${port}/`;
    this.#gate = gate;
    this.#worker = worker;
    this.#queued = queued;
    dns.lookup = ((host: string, options: dns.LookupAllOptions, found: (...found: unknown[]) => void) => {
      if (host !== 'slow.test') return this.#lookup(host, options, found);
      this.#pass(1);
      found(null, [
        { address: '127.0.0.1', family: 4 },
        { address: 'fd00::1', family: 6 },
      ]);
    }) as unknown as typeof dns.lookup; // it has five signatures, and net uses this one
  }

  static async start(body: string): Promise<SlowAddress> {
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(SERVER, { eval: true, workerData: { body, gate } });
    const [port] = (await once(worker, 'message')) as [number];
    const queued = [];
    for (let i = 0; i < 2; i += 1) {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      await once(socket, 'connect');
      queued.push(socket);
    }
    return new SlowAddress(port, gate, worker, queued);
  }

  async stop(): Promise<void> {
    dns.lookup = this.#lookup;
    this.#pass(2);
    for (const socket of this.#queued) socket.destroy();
    await this.#worker.terminate();
  }

  #pass(step: number): void {
    Atomics.store(this.#gate, 0, step);
    Atomics.notify(this.#gate, 0);
  }
}
