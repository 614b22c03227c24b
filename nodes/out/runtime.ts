import type { Node, NodeAPI } from 'node-red';
import { type AttachedDef, attachedEndpoint } from '../attached/attached.js';
import { readableError } from '../errors.js';

interface OutDef extends AttachedDef {
  /** To peers of this instance alone; counts where the listener belongs to a cluster. */
  readonly localOnly?: unknown;
}

/** Registers `websocket-plus out`: hands each message to its endpoint, which decides who gets it. */
export function registerOut(RED: NodeAPI): void {
  RED.nodes.registerType('websocket-plus out', function (this: Node, config: OutDef) {
    RED.nodes.createNode(this, config);
    const endpoint = attachedEndpoint(RED, this, config);
    if (endpoint === undefined) return;
    const isLocal = config.localOnly === true || config.localOnly === 'true';
    this.on('input', (message, _send, done) => {
      endpoint.send(message, (error) => done(error && readableError(RED, error)), isLocal);
    });
  });
}
