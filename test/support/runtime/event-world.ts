import { SECRET } from '../core/tokens.js';
import { EventPeer } from './event-peer.js';
import { type Flow, Runtime } from './runtime.js';

/** What a flow saw of one connection: an event's name, or what its peer said. */
export type Sighting = string;

/** How much of the flows a deploy makes anew. */
export type Deployed = 'event' | 'in' | 'listener' | 'everything';

const CREDENTIALS = { l: { jwtSecret: SECRET } };
const AT = { z: 'f', x: 1, y: 1, server: 'l' };
const EVENTS = ['connect', 'disconnect', 'refused', 'expiring', 'renewed'];

/** A Node-RED whose flow sees all events and messages of a listener and sends messages back, and peers of it. */
export class EventWorld {
  readonly runtime: Runtime;
  peers: EventPeer[] = [];
  /** Messages that came on connections which have ended, as their ends told. */
  departed = 0;
  readonly #seen = new Map<string, Sighting[]>();
  #made = 0;
  #flows = { event: 0, in: 0, listener: 0 };
  #deploying = Promise.resolve();
  #disturbing = 0;
  readonly #stopWatching: () => void;

  private constructor(runtime: Runtime) {
    this.runtime = runtime;
    // not by a node: what is on its way to one when it is deployed is lost, whoever has sent it
    this.#stopWatching = runtime.onSend('s', (message) => this.#see(message as unknown as Sent)); // by our nodes
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
    const peer = new EventPeer((jwt) => this.runtime.url('/ws', jwt), `peer ${this.#made}`, tenantId);
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

  /** Waits until all that was begun is done, and the flow has seen it: what somebody does who comes now is seen after it. */
  async seen(): Promise<void> {
    await this.settled();
    this.connect('last');
    const last = this.peers.pop();
    last?.leave();
    await last?.settled();
    while (last !== undefined && !this.seenOf(last).includes('disconnect')) await turn();
  }

  /** Has everybody leave. @returns who was there */
  async end(): Promise<readonly EventPeer[]> {
    await this.settled();
    const { peers } = this;
    for (const peer of peers) peer.leave();
    await this.seen();
    this.peers = [];
    return peers;
  }

  #see({ event, payload, _session }: Sent): void {
    const subject = _session?.subject ?? '';
    const ofPeer = this.#seen.get(subject) ?? [];
    this.#seen.set(subject, ofPeer);
    ofPeer.push(event ?? String(payload));
    if (event === 'disconnect') this.departed += (payload as Departed).received.messages;
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

/** Of an event `disconnect`. */
interface Departed {
  readonly received: { readonly messages: number };
}

/** One turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function flowOf(version: Readonly<Record<'event' | 'in' | 'listener', number>>): Flow {
  const listener = {
    path: '/ws',
    routingScope: 'session',
    tokenSources: ['query', 'message'],
    name: `${version.listener}`,
  };
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
    { ...AT, id: 'in', type: 'websocket-plus in', name: `${version.in}`, wires: [['s', 'out']] },
    { ...AT, id: 'out', type: 'websocket-plus out', wires: [] },
    { ...AT, id: 's', type: 'helper', wires: [] },
    { ...AT, id: 'c', type: 'websocket-plus control', action: 'msg', wires: [] },
  ];
}
