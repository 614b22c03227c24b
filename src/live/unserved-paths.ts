import { nearestPath } from './nearest-path.js';

/** A path that a peer wanted to connect to and that nobody has answered on. */
export interface UnservedPath {
  /** Empty where it is one that must not be shown. */
  readonly path: string;
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly last: number;
  /** The listener's path that it may have been meant for; null: there is none like it. */
  readonly nearest: string | null;
}

const MAX_PATHS = 32;

/** Whoever sends a request chooses its path: of all others no more is said than that there were some. */
const SHOWABLE = /^[A-Za-z0-9/_.-]{1,64}$/;

/** The part of a socket that tells whether anybody has answered. */
interface FollowedSocket {
  readonly bytesWritten: number;
  once(event: 'close', listener: () => void): unknown;
}

interface Seen {
  readonly count: number;
  readonly last: number;
}

/** The paths of upgrade requests that nobody has answered, the oldest first. */
export class UnservedPaths {
  readonly #paths = new Map<string, Seen>();
  /** Of each path, among those of `#candidates`. */
  readonly #nearest = new Map<string, string | null>();
  #candidates: readonly string[] = [];

  /**
   * Waits for what becomes of an upgrade request that is none of our listeners'. Whoever serves it writes something; on a
   * socket that is closed without a byte nobody has served it.
   * @param path as it stands in the request line, without the query
   */
  follow(path: string, socket: FollowedSocket): void {
    const before = socket.bytesWritten;
    socket.once('close', () => {
      if (socket.bytesWritten === before) this.#add(SHOWABLE.test(path) ? path : '');
    });
  }

  /**
   * Newest first.
   * @param paths of listeners
   */
  view(paths: readonly string[]): UnservedPath[] {
    if (paths.join() !== this.#candidates.join()) this.#nearest.clear();
    this.#candidates = paths;
    const entries = [...this.#paths].reverse();
    return entries.map(([path, seen]) => ({ path, ...seen, nearest: this.#nearestTo(path) }));
  }

  /** Looked for once: it takes a while. */
  #nearestTo(path: string): string | null {
    const known = this.#nearest.get(path);
    if (known !== undefined) return known;
    const nearest = nearestPath(path, this.#candidates);
    this.#nearest.set(path, nearest);
    return nearest;
  }

  #add(path: string): void {
    const count = (this.#paths.get(path)?.count ?? 0) + 1;
    this.#paths.delete(path);
    this.#paths.set(path, { count, last: Date.now() });
    const [oldest] = this.#paths.keys();
    if (this.#paths.size <= MAX_PATHS || oldest === undefined) return;
    this.#paths.delete(oldest);
    this.#nearest.delete(oldest);
  }
}
