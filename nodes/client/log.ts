import type { Node, NodeAPI } from 'node-red';
import type { Endpoint } from '../../src/endpoint/endpoint.js';
import { createBoundedLog } from '../../src/events/bounded.js';

/** Writes what the owner of a client should know into the log: nothing that the server sent. */
export function logClient(RED: NodeAPI, node: Node, client: Endpoint): void {
  const logFailure = createBoundedLog(() => node.error(RED._('errors.receive-failed')));
  client.observe((event) => {
    switch (event.kind) {
      case 'outage':
        return node.warn(RED._('warn.client-down', { reason: event.reason }));
      case 'outage-over':
        return node.log(RED._('info.client-up'));
      case 'receive-failed':
        return logFailure(event);
    }
  });
}
