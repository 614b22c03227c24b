import type { Node, NodeAPI, NodeMessage } from 'node-red';
import { ConfigurationError } from '../../src/config/codes.js';
import { type ActionChoice, ANY_ACTION, parseControlOptions } from '../../src/config/control-options.js';
import type { ControlOutcome } from '../../src/endpoint/control.js';
import { readControlRequest } from '../../src/endpoint/control-request.js';
import type { Endpoint } from '../../src/endpoint/endpoint.js';
import { type AttachedDef, attachedEndpoint, refuseMessages } from '../attached/attached.js';
import { readableError } from '../errors.js';

interface ControlDef extends AttachedDef {
  readonly [property: string]: unknown;
}

type Message = NodeMessage & { action?: unknown; _session?: unknown; instances?: unknown };

/** Registers `websocket-plus control`: has an endpoint do something, and sends on what has come of it. */
export function registerControl(RED: NodeAPI): void {
  RED.nodes.registerType('websocket-plus control', function (this: Node, config: ControlDef) {
    RED.nodes.createNode(this, config);
    try {
      const { action } = parseControlOptions(config);
      const endpoint = attachedEndpoint(RED, this, config);
      this.on('input', (message, send, done) => {
        perform(endpoint, action, message).then(
          () => {
            send(message);
            done();
          },
          (error: unknown) => done(readableError(RED, error)),
        );
      });
    } catch (error) {
      refuseMessages(RED, this, error);
    }
  });
}

/** Rejects where nothing was done. */
async function perform(
  endpoint: Endpoint | undefined,
  action: ActionChoice,
  message: Message,
): Promise<void> {
  if (endpoint === undefined) throw new ConfigurationError('config-missing');
  const named: unknown = action === ANY_ACTION ? message.action : action;
  put(await endpoint.control(readControlRequest(named, message.payload)), message);
}

function put(outcome: ControlOutcome, message: Message): void {
  if (outcome.kind === 'session') {
    message._session = outcome.session;
    return;
  }
  message.payload = outcome.payload;
  if (outcome.instances !== undefined) message.instances = outcome.instances;
}
