import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** What a child process does for its parent: methods with at most one argument, which travels as JSON. */
export type Methods<S> = { readonly [K in keyof S]: (argument: never) => unknown };

interface Call {
  readonly id: number;
  readonly method: string;
  readonly argument?: unknown;
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** Nothing that a child is asked takes longer; past it the run is over. */
const CALL_TIMEOUT_MS = 180_000;

const STOP_TIMEOUT_MS = 10_000;

/** Answers the parent's calls with `service`. Ends the process when the parent is gone. */
export function serve<S extends Methods<S>>(service: S): void {
  process.on('message', (call: Call) => void answer(service, call));
  process.on('disconnect', () => process.exit());
}

async function answer(service: object, { id, method, argument }: Call): Promise<void> {
  const methods = service as Record<string, (argument: unknown) => unknown>;
  let reply: Answer;
  try {
    reply = { id, result: await methods[method]?.(argument) };
  } catch (error) {
    reply = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  process.send?.(reply);
}

/** A child process, as its parent sees it. */
export class Remote<S extends Methods<S>> {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #calls = 0;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (reply: Answer) => this.#settle(reply));
    child.on('exit', () => {
      for (const id of this.#waiting.keys()) this.#settle({ id, error: 'the process has ended' });
    });
  }

  /** @throws Error with the child's stack where the method failed, or the child is gone */
  call<K extends keyof S & string>(
    method: K,
    ...[argument]: Parameters<S[K]>
  ): Promise<Awaited<ReturnType<S[K]>>> {
    const id = this.#calls++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#settle({ id, error: `${method}: no answer` }), CALL_TIMEOUT_MS);
      this.#waiting.set(id, ({ result, error }) => {
        clearTimeout(timer);
        if (error === undefined) resolve(result as Awaited<ReturnType<S[K]>>);
        else reject(new Error(error));
      });
      this.#child.send({ id, method, argument } satisfies Call, (error) => {
        if (error) this.#settle({ id, error: error.message });
      });
    });
  }

  /** Has the child end by itself, so that it can clean up; else ends it. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    if (this.#child.connected) this.#child.disconnect();
    await ended;
    clearTimeout(timer);
  }

  #settle(reply: Answer): void {
    this.#waiting.get(reply.id)?.(reply);
    this.#waiting.delete(reply.id);
  }
}
