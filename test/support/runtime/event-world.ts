import { SocketClient } from '../core/socket-client.js';
import { SECRET, seconds, token } from '../core/tokens.js';
import { type Flow, Runtime } from './runtime.js';

/** What a flow saw of one connection: an event's name, or what its peer said. */
export type Sighting = string;

/** How much of the flows a deploy makes anew. */
export type Deployed = 'event' | 'in' | 'listener' | 'everything';

const CREDENTIALS = { l: { jwtSecret: SECRET } };
const AT = { z: 'f', x: 1, y: 1, server: 'l' };
const EVENTS = ['connect', 'disconnect', 'refused', 'expiring', 'renewed'];

/** A token that is renewed lasts longer each time. */
const LIFE_SECONDS = 3600;

/** A peer with a subject of its own. What it is to do, it does one after the other, whatever others do meanwhile. */
export class EventPeer {
  readonly subject: string;
  said = 0;
  renewed = 0;
  /** Whether it was let in, as far as it knows. */
  isIn = false;
  /** Whether others may have ended it, or stopped the nodes that pass on what it says. */
  isDisturbed = false;
  readonly #world: EventWorld;
  readonly #claims: Record<string, unknown>;
  #client: SocketClient | undefined;
  #busy: Promise<void>;

  constructor(world: EventWorld, subject: string, tenantId: string) {
    this.subject = subject;
    this.#world = world;
    this.#claims = { sub: subject, tenant_id: tenantId };
    this.#busy = this.#connect();
  }

  say(count: number): void {
    this.#then(({ socket }) => {
      for (let one = 0; one < count && socket.readyState === socket.OPEN; one += 1) {
        socket.send(String(this.said));
        this.said += 1;
      }
    });
  }

  /** Shows a new token, and waits for the answer. */
  renew(): void {
    this.#then(async (client) => {
      if (client.socket.readyState !== client.socket.OPEN) return;
      client.send(JSON.stringify({ type: 'authenticate', token: this.#token(this.renewed + 1) }));
      const answer = await Promise.race([client.nextJson(), client.closed]);
      if ((answer as { readonly type?: string }).type === 'authenticated') this.renewed += 1;
    });
  }

  leave(): void {
    this.#then(async (client) => {
      await client.close();
    });
  }

  /** Resolves when it has done all that it was to do. */
  async settled(): Promise<void> {
    await this.#busy;
  }

  async #connect(): Promise<void> {
    try {
      this.#client = await SocketClient.open(this.#world.runtime.url('/ws', this.#token(0)));
      this.isIn = true;
    } catch {} // nobody is let in while a listener is made anew
  }

  #then(act: (client: SocketClient) => void | Promise<void>): void {
    this.#busy = this.#busy.then(() => this.#client && act(this.#client));
  }

  #token(renewals: number): string {
    return token({ ...this.#claims, exp: seconds(LIFE_SECONDS * (1 + renewals)) });
  }
}

/** A Node-RED whose flow sees all events and messages of a listener, and peers of it. */
export class EventWorld {
  readonly runtime: Runtime;
  peers: EventPeer[] = [];
  readonly #seen = new Map<string, Sighting[]>();
  #made = 0;
  #flows = { event: 0, in: 0, listener: 0 };
  #deploying = Promise.resolve();
  #disturbing = 0;
  readonly #stopWatching: () => void;

  private constructor(runtime: Runtime) {
    this.runtime = runtime;
    // not by a node: what is on its way to one when it is deployed is lost, whoever has sent it
    this.#stopWatching = runtime.onSend((message) => this.#see(message as unknown as Sent)); // by our nodes
  }

  static async start(): Promise<EventWorld> {
    return new EventWorld(await Runtime.start(flowOf({ event: 0, in: 0, listener: 0 }), CREDENTIALS));
  }

  async stop(): Promise<void> {
    this.#stopWatching();
    await this.runtime.stop();
  }

  connect(tenantId: string): void {
    this.#made += 1;
    const peer = new EventPeer(this, `peer ${this.#made}`, tenantId);
    peer.isDisturbed = this.#disturbing > 0;
    this.peers.push(peer);
  }

  /** Has a flow end connections: while the node that does it is away, nothing happens. */
  control(action: 'disconnect' | 'revoke', peer: EventPeer): void {
    peer.isDisturbed = true;
    if (this.runtime.has('c')) this.runtime.inject('c', { action, payload: { subject: peer.subject } });
  }

  /** Deploys a flow in which that is another one than before, after the deploys that are under way. */
  deploy(what: Deployed, type: 'nodes' | 'flows'): void {
    this.#deploying = this.#deploying.then(() => this.#deploy(what, type));
  }

  /** What was seen of a connection since it came. */
  seenOf({ subject }: EventPeer): readonly Sighting[] {
    return this.#seen.get(subject) ?? [];
  }

  /** Waits until all that was begun is done. */
  async settled(): Promise<void> {
    await this.#deploying;
    await Promise.all(this.peers.map((peer) => peer.settled()));
  }

  /** Has everybody leave, and whoever comes after them: what he is seen doing comes after all that they did. */
  async end(): Promise<readonly EventPeer[]> {
    await this.settled();
    const { peers } = this;
    for (const peer of peers) peer.leave();
    await this.settled();
    this.connect('last');
    const last = this.peers.at(-1);
    last?.leave();
    await this.settled();
    while (last !== undefined && !this.seenOf(last).includes('disconnect')) await turn();
    this.peers = [];
    return peers;
  }

  #see({ event, payload, _session }: Sent): void {
    const subject = _session?.subject ?? '';
    const ofPeer = this.#seen.get(subject) ?? [];
    this.#seen.set(subject, ofPeer);
    ofPeer.push(event ?? String(payload));
  }

  async #deploy(what: Deployed, type: 'nodes' | 'flows'): Promise<void> {
    const disturbs = what !== 'event' || type === 'flows';
    if (disturbs) for (const peer of this.peers) peer.isDisturbed = true;
    this.#disturbing += Number(disturbs);
    if (what === 'event' || what === 'in' || what === 'listener') this.#flows[what] += 1;
    await this.runtime.deploy(flowOf(this.#flows), what === 'everything' ? 'full' : type, CREDENTIALS);
    this.#disturbing -= Number(disturbs);
  }
}

interface Sent {
  readonly event?: string;
  readonly payload: unknown;
  readonly _session?: { readonly subject?: string };
}

/** One turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function flowOf(version: Readonly<Record<'event' | 'in' | 'listener', number>>): Flow {
  const listener = { path: '/ws', tokenSources: ['query', 'message'], name: `${version.listener}` };
  return [
    { id: 'f', type: 'tab', label: 'Flow' },
    { id: 'l', type: 'websocket-plus-listener', ...listener },
    {
      ...AT,
      id: 'e',
      type: 'websocket-plus event',
      events: EVENTS,
      name: `${version.event}`,
      wires: [['s']],
    },
    { ...AT, id: 'in', type: 'websocket-plus in', name: `${version.in}`, wires: [['s']] },
    { ...AT, id: 's', type: 'helper', wires: [] },
    { ...AT, id: 'c', type: 'websocket-plus control', action: 'msg', wires: [] },
  ];
}
