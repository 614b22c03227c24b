import type { Connection } from '../sessions/connection.js';
import type { Registry } from '../sessions/registry.js';
import type { ServerFrame } from '../wire/server-frame.js';
import { EVERYBODY, type Lane, Lanes } from './lanes.js';
import type { Recipients } from './recipients.js';

type ToSession = Extract<Recipients, { kind: 'session' }>;
type ToAudience = Exclude<Recipients, ToSession>;

interface Job {
  readonly lane: Lane;
  readonly frame: ServerFrame;
  readonly recipients: Recipients;
  readonly done: () => void;
  readonly except: Connection | undefined;
  /** Who is written to, once writing has begun. */
  connections: readonly Connection[] | undefined;
  next: number;
}

/** When a FanOut puts off writing, and how much it puts off. Counts are of peers or messages, sizes in bytes. */
export interface FanOutLimits {
  /** Largest audience that is written to at once: it takes far less than a turn of the event loop. */
  readonly atOnce: number;
  /** How long large audiences may hold the event loop at a time, in milliseconds. */
  readonly turnMs: number;
  /** How many peers are written to before it is another tenant's turn. */
  readonly batch: number;
  /** Once this much is queued we stop reading from peers: what they send would only add to it. */
  readonly backlog: { readonly jobs: number; readonly bytes: number };
  /**
   * Hard limit: past it `send` writes at once, so a flow that keeps producing has to wait. Far above `backlog`, because
   * each paused peer may still deliver a chunk of 64 KiB, which is some ten thousand messages.
   */
  readonly full: { readonly jobs: number; readonly bytes: number };
}

const LIMITS: FanOutLimits = {
  atOnce: 256,
  turnMs: 4,
  batch: 32,
  backlog: { jobs: 256, bytes: 16 * 1024 * 1024 },
  full: { jobs: 16_384, bytes: 64 * 1024 * 1024 },
};

/**
 * Sends frames to any number of connections without holding up the event loop. What one connection gets leaves in the
 * order of `send`, whatever recipients each message had. Tenants take turns, and wait for one another only where a
 * message to everybody was sent in between.
 */
export class FanOut {
  readonly #registry: Registry;
  readonly #onDrain: () => void;
  readonly #limits: FanOutLimits;
  readonly #lanes = new Lanes<Job>();
  #jobs = 0;
  #bytes = 0;
  #scheduled: NodeJS.Immediate | undefined;

  /** @param onDrain called after each turn that left no backlog */
  constructor(registry: Registry, onDrain: () => void, limits = LIMITS) {
    this.#registry = registry;
    this.#onDrain = onDrain;
    this.#limits = limits;
  }

  /** True while producers should pause; `onDrain` is called when they may go on. */
  get needsDrain(): boolean {
    const { backlog } = this.#limits;
    return this.#jobs >= backlog.jobs || this.#bytes >= backlog.bytes;
  }

  /**
   * @param done called once: when every frame is handed to its socket, or at `close`
   * @param except is passed over
   */
  send(frame: ServerFrame, recipients: Recipients, done: () => void, except?: Connection): void {
    if (recipients.kind === 'session') this.#sendToSession(frame, recipients, done, except);
    else this.#sendToAudience(frame, recipients, done, except);
  }

  /** Sends no more, and calls every `done` that is still owed. */
  close(): void {
    if (this.#scheduled !== undefined) clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    this.#jobs = 0;
    this.#bytes = 0;
    for (const { done } of this.#lanes.clear()) done();
  }

  #sendToSession(frame: ServerFrame, recipients: ToSession, done: () => void, except?: Connection): void {
    const connection = this.#registry.get(recipients.id);
    if (connection === undefined || connection === except) {
      done();
      return;
    }
    const lane = connection.identity.tenantId;
    if (this.#lanes.holdsUp(lane)) {
      this.#enqueue({ lane, frame, recipients, done, except, connections: undefined, next: 0 });
    } else {
      connection.send(frame);
      done();
    }
  }

  #sendToAudience(frame: ServerFrame, recipients: ToAudience, done: () => void, except?: Connection): void {
    const lane = laneOf(recipients);
    const audience = this.#audienceOf(lane);
    const mustWait = this.#lanes.holdsUp(lane);
    if (isNobody(audience, except) || (!mustWait && audience.size <= this.#limits.atOnce)) {
      for (const connection of audience) if (connection !== except) connection.send(frame);
      done();
      return;
    }
    // who connects while the message goes out is not in its audience
    const connections = mustWait ? undefined : [...audience];
    this.#enqueue({ lane, frame, recipients, done, except, connections, next: 0 });
  }

  #audienceOf(lane: Lane): ReadonlySet<Connection> {
    return lane === EVERYBODY ? this.#registry.all() : this.#registry.ofTenant(lane);
  }

  #enqueue(job: Job): void {
    this.#lanes.add(job);
    this.#jobs += 1;
    this.#bytes += job.frame.size;
    this.#schedule();
    const { full } = this.#limits;
    while (this.#jobs > full.jobs || this.#bytes > full.bytes) {
      const first = this.#lanes.firstFor(job.lane);
      if (first === undefined) return;
      this.#writeBatch(first);
    }
  }

  #schedule(): void {
    this.#scheduled ??= setImmediate(() => {
      this.#scheduled = undefined;
      this.#work(performance.now() + this.#limits.turnMs);
      if (!this.#lanes.isEmpty) this.#schedule();
      if (!this.needsDrain) this.#onDrain();
    });
  }

  #work(untilMs: number): void {
    do {
      const job = this.#lanes.next();
      if (job === undefined) return;
      this.#writeBatch(job);
    } while (performance.now() < untilMs);
  }

  /** Writes to the next peers of a job, and ends it after the last. */
  #writeBatch(job: Job): void {
    job.connections ??= this.#connectionsOf(job); // copied late: while it waits, a job is nothing but its frame
    const end = Math.min(job.next + this.#limits.batch, job.connections.length);
    while (job.next < end) {
      const connection = job.connections[job.next++];
      if (connection !== job.except) connection?.send(job.frame);
    }
    if (end < job.connections.length) return;
    this.#lanes.remove(job);
    this.#jobs -= 1;
    this.#bytes -= job.frame.size;
    job.done();
  }

  #connectionsOf({ recipients, lane }: Job): readonly Connection[] {
    if (recipients.kind !== 'session') return [...this.#audienceOf(lane)];
    const connection = this.#registry.get(recipients.id);
    return connection === undefined ? [] : [connection];
  }
}

function isNobody(audience: ReadonlySet<Connection>, except: Connection | undefined): boolean {
  return audience.size === 0 || (audience.size === 1 && except !== undefined && audience.has(except));
}

function laneOf(recipients: ToAudience): Lane {
  switch (recipients.kind) {
    case 'tenant':
      return recipients.tenantId;
    case 'anonymous':
      return null;
    case 'global':
      return EVERYBODY;
  }
}
