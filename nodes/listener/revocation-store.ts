import type { Node, NodeAPI } from 'node-red';
import type { RevocationEntry } from '../../src/sessions/revocation.js';
import type { RevocationStore } from '../../src/sessions/revocations.js';

/** Of a listener's context, which goes with the listener. */
const KEY = 'revocations';

/** What listeners have saved in this process, by their ids. */
const saved = new WeakMap<NodeAPI, Map<string, readonly RevocationEntry[]>>();

/**
 * Keeps revocations in a listener's context: they survive a restart where the default context store does. A deploy they
 * survive in any case: without a store that is configured, Node-RED forgets the context of a node that is made again.
 */
export function revocationStore(RED: NodeAPI, node: Node): RevocationStore & { forget(): void } {
  const context = node.context();
  const ofProcess = saved.get(RED) ?? new Map<string, readonly RevocationEntry[]>();
  saved.set(RED, ofProcess);
  return {
    load: () => {
      const known = ofProcess.get(node.id);
      return known === undefined ? stored(context) : Promise.resolve(known);
    },
    save: (revocations) => {
      ofProcess.set(node.id, revocations);
      return new Promise((resolve, reject) => {
        context.set(KEY, [...revocations], (error) => (error ? reject(error) : resolve()));
      });
    },
    forget: () => ofProcess.delete(node.id),
  };
}

function stored(context: ReturnType<Node['context']>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    context.get(KEY, (error, value) => (error ? reject(error) : resolve(value)));
  });
}
