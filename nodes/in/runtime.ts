import type { Node, NodeAPI } from 'node-red';
import { type AttachedDef, attachedEndpoint } from '../attached/attached.js';

/** Registers `websocket-plus in`: sends on what peers send, each message with its `_session`. */
export function registerIn(RED: NodeAPI): void {
  RED.nodes.registerType('websocket-plus in', function (this: Node, config: AttachedDef) {
    RED.nodes.createNode(this, config);
    const detach = attachedEndpoint(RED, this, config)?.attach((message) => this.send(message));
    if (detach !== undefined) this.on('close', detach);
  });
}
