import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { clientFrame, rawSocket, upgradeRequest } from '../support/core/raw-client.js';
import { SocketClient } from '../support/core/socket-client.js';
import { OTHER_SECRET, seconds, token } from '../support/core/tokens.js';

/** Peers that are there at the same time. */
const PEERS = 30;

/** What each rests between two lives: the ports of this machine are not to run out. */
const REST_MS = 150;

const TENANTS = 40;

/** What happened so far. */
export interface Churned {
  readonly connections: number;
  readonly refused: number;
  readonly messages: number;
}

/** Peers that come, talk and go, one after the other, until they are told to stop. */
export class Churn {
  readonly #origin: string;
  #connections = 0;
  #refused = 0;
  #messages = 0;

  /** @param origin `ws://127.0.0.1:<port>` */
  constructor(origin: string) {
    this.#origin = origin;
  }

  get churned(): Churned {
    return { connections: this.#connections, refused: this.#refused, messages: this.#messages };
  }

  /** Resolves after `durationMs`, when nobody is connected any more. */
  async run(durationMs: number): Promise<void> {
    const untilMs = performance.now() + durationMs;
    await Promise.all(
      Array.from({ length: PEERS }, async (_, i) => {
        for (let life = i; performance.now() < untilMs; life += 1) {
          await this.#live(life);
          await wait(REST_MS);
        }
      }),
    );
  }

  /** Every way to be a peer, in turn. */
  async #live(life: number): Promise<void> {
    // most tenants come again, some are never seen before or after
    const tenant = life % 10 === 0 ? `once-${this.#connections}` : `tenant-${life % TENANTS}`;
    const jwt = token({ sub: 'churn', tenant_id: tenant, exp: seconds(600) });
    if (life % 7 === 6) {
      const wrong = token({ tenant_id: tenant }, { secret: OTHER_SECRET });
      await SocketClient.refused(`${this.#origin}/soak?token=${wrong}`);
      this.#refused += 1;
    } else if (life % 7 === 5) {
      await this.#breakOff(jwt);
    } else {
      await this.#talk(jwt, life);
    }
  }

  async #talk(jwt: string, life: number): Promise<void> {
    const client = await SocketClient.open(`${this.#origin}/soak?token=${jwt}`);
    this.#connections += 1;
    const cut = client.closed.then(() => undefined);
    for (let n = 0; n < 3; n += 1) {
      const said = `${life} ${n}`;
      client.send(said);
      let heard: string | undefined;
      while (heard !== said) {
        heard = await Promise.race([client.nextText(), cut]); // also what others of the tenant say
        if (heard === undefined) throw new Error('a peer was cut off');
        this.#messages += 1;
      }
    }
    if (life % 2 === 0) client.socket.close();
    else client.socket.terminate();
    await client.closed;
  }

  /** Connects, and vanishes in the middle of a frame or breaks the protocol. */
  async #breakOff(jwt: string): Promise<void> {
    const { port } = new URL(this.#origin.replace('ws', 'http'));
    const socket = await rawSocket(Number(port), upgradeRequest(`/soak?token=${jwt}`));
    await once(socket, 'data');
    this.#connections += 1;
    const frame = clientFrame(1, Buffer.from('half'));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    if (this.#connections % 2 === 0) {
      socket.write(frame.subarray(0, -1), () => socket.resetAndDestroy());
    } else {
      socket.end(Buffer.from([0xff, 0xff]));
      socket.resume();
    }
    await closed;
  }
}
