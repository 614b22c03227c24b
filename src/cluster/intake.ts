import { FloodGuard } from './flood-guard.js';

/** A moment for everything else, in milliseconds: the shortest that timers know. */
const PAUSE_MS = 1;

/** What counts of a pause at most: one that lasts longer is not a flood's doing, but that of an event loop that stood still. */
const MAX_PAUSE_MS = 10;

/** Reading that was put off for this share of the time is a flood. */
const FLOODED = 0.5;

/** Reads from the broker only what there is time for: the rest waits there, until the broker drops it. */
export class Intake {
  readonly #isBusy: () => boolean;
  readonly #guard = new FloodGuard();
  #next: (() => void) | undefined;
  #pause: NodeJS.Timeout | undefined;
  #pausedMs = 0;
  #lookedMs = 0;

  /** @param isBusy whether there is enough to do already: no more is read then, until `resume` */
  constructor(isBusy: () => boolean) {
    this.#isBusy = isBusy;
  }

  /**
   * A message was read.
   * @param isGenuine whether a member has sent it, and it is the first time that it comes
   * @param next called when the next may come
   */
  read(isGenuine: boolean, next: () => void): void {
    if (isGenuine) {
      this.#guard.genuine();
      this.#goOn(next);
      return;
    }
    const nowMs = performance.now();
    if (!this.#guard.junk(nowMs)) {
      this.#goOn(next);
      return;
    }
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.#pausedMs += Math.min(MAX_PAUSE_MS, performance.now() - nowMs);
      this.#goOn(next);
    }, PAUSE_MS);
  }

  /** Reads on, where that was put off because there was enough to do, and there is less now. */
  resume(): void {
    if (this.#next === undefined || this.#isBusy()) return;
    const next = this.#next;
    this.#next = undefined;
    next();
  }

  /** Whether strangers have sent more than is read, since this was asked before. @param nowMs monotonic */
  isFlooded(nowMs: number): boolean {
    const share = this.#pausedMs / (nowMs - this.#lookedMs);
    this.#pausedMs = 0;
    this.#lookedMs = nowMs;
    return share > FLOODED;
  }

  /** Forgets what was put off: its connection is gone. */
  reset(): void {
    this.#next = undefined;
    clearTimeout(this.#pause);
    this.#pause = undefined;
  }

  #goOn(next: () => void): void {
    if (this.#isBusy()) this.#next = next;
    else next();
  }
}
