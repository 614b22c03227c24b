import type { Node } from 'node-red';
import type { RevocationStore } from '../../src/sessions/revocations.js';

/** Of a listener's context, which goes with the listener. */
const KEY = 'revocations';

/** Keeps revocations in a listener's context: they survive a restart where the default context store does. */
export function revocationStore(node: Node): RevocationStore {
  const context = node.context();
  return {
    load: () =>
      new Promise((resolve, reject) => {
        context.get(KEY, (error, value) => (error ? reject(error) : resolve(value)));
      }),
    save: (revocations) =>
      new Promise((resolve, reject) => {
        context.set(KEY, [...revocations], (error) => (error ? reject(error) : resolve()));
      }),
  };
}
