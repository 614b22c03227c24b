import type { Middleware } from '../../../src/handshake/middleware.js';

/** A middleware that holds the handshake, and tells when it has got one. */
export function holding() {
  let go = () => {};
  let asked = () => {};
  const reached = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const middleware: Middleware = (_, next) => {
    go = next;
    asked();
  };
  return { middleware, reached, go: () => go() };
}
