import type { Node, NodeAPI } from 'node-red';
import type { Endpoint } from '../../src/endpoint/endpoint.js';
import { createBoundedLog } from '../../src/events/bounded.js';

/** Writes what the owner of a listener should know into the log: nothing a peer sent, and no more lines than a reader can take. */
export function logListener(RED: NodeAPI, node: Node, listener: Endpoint, path: string): void {
  const logRefusal = createBoundedLog((event: { code: string; address: string }, passedOver) => {
    const key = passedOver === 0 ? 'warn.refused' : 'warn.refused-more';
    node.warn(RED._(key, { ...event, path, count: passedOver }));
  });
  const logFailure = createBoundedLog(() => node.error(RED._('errors.receive-failed')));
  listener.observe((event) => {
    switch (event.kind) {
      case 'refused':
        // the user's own check chooses a status, and all its refusals have one code
        return logRefusal({
          code: event.code === 'refused' ? String(event.status) : event.code,
          address: event.address,
        });
      case 'receive-failed':
        return logFailure(event);
      case 'keys-failed':
        return node.warn(RED._(`warn.${event.code}`, { detail: event.detail ?? '' }));
      case 'keys-recovered':
        return node.log(RED._('info.jwks-recovered'));
      case 'state':
        if (event.state.kind === 'misconfigured') node.error(RED._('errors.path-taken', { path }));
    }
  });
}
