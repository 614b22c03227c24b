import type { Connection } from './connection.js';
import { Tally } from './traffic.js';

/** Connections that messages are sent to together, and how many were. */
export class Audience {
  /** In the order in which they came. */
  readonly members = new Set<Connection>();
  readonly tally = new Tally();
  /** This one's and those of the audiences that it is a part of. */
  readonly tallies: readonly Tally[];

  constructor(whole: Audience | undefined = undefined) {
    this.tallies = whole === undefined ? [this.tally] : [whole.tally, this.tally];
  }

  get size(): number {
    return this.members.size;
  }

  /**
   * Counts a message to all who are there now.
   * @param bytes of its payload
   * @param except is left out
   * @returns how many that are
   */
  count(bytes: number, except: Connection | undefined): number {
    this.tally.add(1, bytes);
    if (except === undefined || !this.members.has(except)) return this.members.size;
    except.traffic.discount(bytes);
    return this.members.size - 1;
  }
}
