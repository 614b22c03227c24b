import type { Node, NodeAPI } from 'node-red';
import { type AttachedDef, attachedEndpoint } from '../attached/attached.js';
import { newMessageId } from './message-ids.js';

/** Registers `websocket-plus in`: sends on what peers send, each message with its `_session`. */
export function registerIn(RED: NodeAPI): void {
  RED.nodes.registerType('websocket-plus in', function (this: Node, config: AttachedDef) {
    RED.nodes.createNode(this, config);
    const detach = attachedEndpoint(RED, this, config)?.attach((message) => {
      // a message of another Node-RED, taken whole, has one already
      if (!message._msgid) message._msgid = newMessageId();
      this.send(message);
    });
    if (detach !== undefined) this.on('close', detach);
  });
}
