import type { Audience } from '../sessions/audience.js';
import type { Connection } from '../sessions/connection.js';
import type { Registry } from '../sessions/registry.js';
import { Tally } from '../sessions/traffic.js';
import { payloadLength, type ServerFrame } from '../wire/server-frame.js';
import { FAN_OUT_LIMITS, type FanOutLimits } from './fan-out-limits.js';
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

/**
 * Sends frames to any number of connections without holding up the event loop. What one connection gets leaves in the
 * order of `send`, whatever recipients each message had. Tenants take turns, and wait for one another only where a
 * message to everybody was sent in between.
 */
export class FanOut {
  /** What was sent to all peers together: a message counts once for each of its audience. */
  readonly sent = new Tally();
  readonly #registry: Registry;
  readonly #onDrain: () => void;
  readonly #limits: FanOutLimits;
  readonly #lanes = new Lanes<Job>();
  #jobs = 0;
  #bytes = 0;
  #scheduled: NodeJS.Immediate | undefined;

  /** @param onDrain called after each turn that left no backlog */
  constructor(registry: Registry, onDrain: () => void, limits = FAN_OUT_LIMITS) {
    this.#registry = registry;
    this.#onDrain = onDrain;
    this.#limits = limits;
  }

  /** What waits to be written, in bytes: each message once. */
  get queuedBytes(): number {
    return this.#bytes;
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
      this.#countOne(connection, frame);
      connection.send(frame);
      done();
    }
  }

  #sendToAudience(frame: ServerFrame, recipients: ToAudience, done: () => void, except?: Connection): void {
    const lane = laneOf(recipients);
    const audience = this.#audienceOf(lane);
    const mustWait = this.#lanes.holdsUp(lane);
    if (isNobody(audience, except)) {
      done();
      return;
    }
    if (!mustWait && audience.size <= this.#limits.atOnce) {
      this.#countAll(audience, frame, except);
      for (const connection of audience.members) if (connection !== except) connection.send(frame);
      done();
      return;
    }
    const job: Job = { lane, frame, recipients, done, except, connections: undefined, next: 0 };
    // who connects while the message goes out is not in its audience
    if (!mustWait) job.connections = this.#connectionsOf(job);
    this.#enqueue(job);
  }

  #audienceOf(lane: Lane): Audience {
    return lane === EVERYBODY ? this.#registry.everybody() : this.#registry.audienceOf(lane);
  }

  #countOne(connection: Connection, frame: ServerFrame): void {
    const bytes = payloadLength(frame);
    connection.traffic.countSent(bytes);
    this.sent.add(1, bytes);
  }

  /** Once for all of them: nothing is counted where each is written to. */
  #countAll(audience: Audience, frame: ServerFrame, except: Connection | undefined): void {
    const bytes = payloadLength(frame);
    this.sent.add(audience.count(bytes, except), bytes);
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

  /** They are as good as written to, and counted. */
  #connectionsOf({ recipients, lane, frame, except }: Job): readonly Connection[] {
    if (recipients.kind !== 'session') {
      const audience = this.#audienceOf(lane);
      this.#countAll(audience, frame, except);
      return [...audience.members];
    }
    const connection = this.#registry.get(recipients.id);
    if (connection === undefined) return [];
    this.#countOne(connection, frame);
    return [connection];
  }
}

function isNobody({ members, size }: Audience, except: Connection | undefined): boolean {
  return size === 0 || (size === 1 && except !== undefined && members.has(except));
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
