import type { Node, NodeAPI } from 'node-red';
import type { Endpoint } from '../../src/endpoint/endpoint.js';
import { createNodeLog } from '../node-log.js';

/**
 * Writes what the owner of a client should know into the log: nothing that the server sent.
 * @returns stops
 */
export function logClient(RED: NodeAPI, node: Node, client: Endpoint): () => void {
  const errors = createNodeLog(RED, (line) => node.error(line));
  const warnings = createNodeLog(RED, (line) => node.warn(line));
  const stop = client.observe((event) => {
    switch (event.kind) {
      case 'outage':
        return node.warn(RED._('warn.client-down', { reason: event.reason }));
      case 'outage-over':
        return node.log(RED._('info.client-up'));
      case 'renewal-failed':
        return warnings.add('renewal-failed', () => RED._('warn.renewal-failed', { reason: event.reason }));
      case 'receive-failed':
        return errors.add('receive-failed', () => RED._('errors.receive-failed'));
    }
  });
  return () => {
    stop();
    warnings.close();
    errors.close();
  };
}
