import { type AsyncHook, createHook } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';

/** Knows the timers that were started since it was made: those of earlier tests may still run, and end at any time. */
export class TimerWatch {
  readonly #hook: AsyncHook;
  readonly #timers = new Map<number, NodeJS.Timeout>();

  constructor() {
    this.#hook = createHook({
      init: (id, type, _triggerId, resource) => {
        if (type === 'Timeout') this.#timers.set(id, resource as NodeJS.Timeout);
      },
      destroy: (id) => {
        this.#timers.delete(id);
      },
    }).enable();
  }

  /** How many of them run, and keep the process alive. */
  async running(): Promise<number> {
    await setImmediate(); // that a timer was cleared is told in a later turn
    await setImmediate();
    return [...this.#timers.values()].filter((timer) => timer.hasRef()).length;
  }

  stop(): void {
    this.#hook.disable();
  }
}
