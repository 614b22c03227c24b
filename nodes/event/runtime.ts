import type { Node, NodeAPI } from 'node-red';
import { type EventName, parseEventOptions } from '../../src/config/event-options.js';
import { eventMessage } from '../../src/events/event-message.js';
import {
  type AttachedDef,
  attachedEndpoint,
  attachedId,
  refuseMessages,
  topicOf,
} from '../attached/attached.js';
import { newMessageId } from '../in/message-ids.js';
import { createNodeLog } from '../node-log.js';
import { takeUp } from './interruptions.js';
import type { Happening } from './subscription.js';

interface EventDef extends AttachedDef {
  readonly [property: string]: unknown;
}

/** Registers `websocket-plus event`: sends on what happens to an endpoint and to its connections. */
export function registerEvent(RED: NodeAPI): void {
  RED.nodes.registerType('websocket-plus event', function (this: Node, config: EventDef) {
    RED.nodes.createNode(this, config);
    try {
      const { events } = parseEventOptions(config);
      const endpoint = attachedEndpoint(RED, this, config);
      if (endpoint === undefined) return;
      const source = { id: attachedId(config), topic: topicOf(RED, config), endpoint };
      const errors = createNodeLog(RED, (line) => this.error(line));
      const interrupt = takeUp(RED, this.id, source, (happening) => {
        try {
          send(this, events, happening);
        } catch {
          errors.add('event', () => RED._('errors.receive-failed')); // claims that no flow can copy, say
        }
      });
      this.on('close', (removed: boolean, done: () => void) => {
        interrupt(removed);
        errors.close();
        done();
      });
    } catch (error) {
      refuseMessages(RED, this, error);
    }
  });
}

function send(node: Node, events: readonly EventName[], { event, topic, missed }: Happening): void {
  if (!events.some((name) => name === event.kind)) return;
  const message = eventMessage(event);
  if (message === undefined) return;
  const { event: name, payload, session } = message;
  node.send({
    _msgid: newMessageId(),
    topic,
    event: name,
    payload: missed === undefined ? payload : { ...payload, missed },
    ...(session === undefined ? {} : { _session: session }),
  } as Parameters<Node['send']>[0]); // its type knows no fields but payload and topic
}
