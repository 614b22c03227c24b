/** The line for what goes to everybody. */
export const EVERYBODY = Symbol('everybody');

/** Messages of one lane leave one after the other. A text is a tenant, null stands for the anonymous connections. */
export type Lane = string | null | typeof EVERYBODY;

/**
 * What waits to be sent, in one queue per lane. Tenants share no connection, so their lanes run side by side; everybody
 * includes every tenant. Hence epochs: each holds either lanes of tenants or the lane of everybody, and begins when the
 * one before it is finished. No lane and no epoch is ever empty.
 */
export class Lanes<Job extends { readonly lane: Lane }> {
  readonly #epochs: Map<Lane, Job[]>[] = [];

  get isEmpty(): boolean {
    return this.#epochs.length === 0;
  }

  /** Whether anything that waits has to leave before what is sent to `lane` now. */
  holdsUp(lane: Lane): boolean {
    const current = this.#epochs[0];
    if (current === undefined) return false;
    return lane === EVERYBODY || this.#epochs.length > 1 || current.has(EVERYBODY) || current.has(lane);
  }

  add(job: Job): void {
    let epoch = this.#epochs.at(-1);
    if (epoch === undefined || epoch.has(EVERYBODY) !== (job.lane === EVERYBODY)) {
      epoch = new Map();
      this.#epochs.push(epoch);
    }
    const jobs = epoch.get(job.lane);
    if (jobs === undefined) epoch.set(job.lane, [job]);
    else jobs.push(job);
  }

  /** The first job of `lane`; while it is not yet that lane's time, one of those that it waits for. */
  firstFor(lane: Lane): Job | undefined {
    const current = this.#epochs[0];
    return current?.get(lane)?.[0] ?? current?.values().next().value?.[0];
  }

  /** The first job of the lane whose turn it is; the next call gives that of another lane. */
  next(): Job | undefined {
    const [current] = this.#epochs;
    const [first] = current ?? [];
    if (current === undefined || first === undefined) return undefined;
    const [lane, jobs] = first;
    if (current.size > 1) {
      current.delete(lane);
      current.set(lane, jobs);
    }
    return jobs[0];
  }

  /** Takes a job out that `firstFor` or `next` has given. */
  remove({ lane }: Job): void {
    const current = this.#epochs[0];
    const jobs = current?.get(lane);
    jobs?.shift();
    if (jobs?.length === 0) current?.delete(lane);
    if (current?.size === 0) this.#epochs.shift();
  }

  /** Takes everything out, in an order in which it could have been sent. */
  clear(): Job[] {
    return this.#epochs.splice(0).flatMap((epoch) => [...epoch.values()].flat());
  }
}
