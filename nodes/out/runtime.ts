import type { Node, NodeAPI } from 'node-red';
import { parseOutOptions } from '../../src/config/out-options.js';
import type { Endpoint } from '../../src/endpoint/endpoint.js';
import { type AttachedDef, findEndpoint, refuseMessages, useEndpoint } from '../attached/attached.js';
import { readableError } from '../errors.js';

interface OutDef extends AttachedDef {
  readonly [property: string]: unknown;
}

/** Registers `websocket-plus out`: hands each message to its endpoint, which decides who gets it. */
export function registerOut(RED: NodeAPI): void {
  RED.nodes.registerType('websocket-plus out', function (this: Node, config: OutDef) {
    RED.nodes.createNode(this, config);
    const endpoint = findEndpoint(RED, this, config);
    if (endpoint === undefined) return;
    try {
      const send = sending(endpoint, config);
      useEndpoint(RED, this, endpoint);
      this.on('input', (message, _send, done) => {
        send(message, (error) => done(error && readableError(RED, error)));
      });
    } catch (error) {
      refuseMessages(RED, this, error);
    }
  });
}

/** @throws ConfigurationError */
function sending(endpoint: Endpoint, config: OutDef): Endpoint['send'] {
  // a client has one peer, and whatever the node says of several is not for it
  const narrowing = config.client ? undefined : parseOutOptions(config);
  if (narrowing === undefined) return (message, done) => endpoint.send(message, done);
  return endpoint.narrowed(narrowing);
}
