import type { Node, NodeAPI, NodeStatus } from 'node-red';
import type { ConfigurationProblem } from '../../src/config/codes.js';
import type { Endpoint } from '../../src/endpoint/endpoint.js';
import { coalesce } from '../../src/events/coalesce.js';
import type { EndpointState, StateEvent } from '../../src/events/events.js';
import type { Session } from '../../src/sessions/session.js';
import { textKey } from '../catalog.js';

/** Nobody reads a status faster, and each costs a translation and a message to every open editor. */
const PERIOD_MS = 250;

/** Reasons that do not pass: somebody has to change the broker's configuration. */
const AT_THE_BROKER: ReadonlySet<string> = new Set(['denied', 'unheard', 'flooded']);

/**
 * Shows an endpoint's state on a node, as Node-RED's 22-websocket.js does: status nodes get `event` and `_session` with
 * it. Where the flows have status nodes they get every event; else only what an eye can follow is shown.
 * @returns stops, and clears the status
 */
export function showStatus(RED: NodeAPI, node: Node, endpoint: Endpoint): () => void {
  const show = (event: StateEvent) => {
    const session = sessionOf(event);
    node.status({
      ...look(RED, event.state),
      ...(event.kind === 'state' ? {} : { event: event.kind }),
      ...(session === undefined ? {} : { _session: session }),
      ...(event.kind === 'disconnect' ? endingOf(event) : {}),
    });
  };
  const statuses = coalesce(PERIOD_MS, show, () => !hasStatusNode(RED));
  if (endpoint.state.kind !== 'idle') show({ kind: 'state', state: endpoint.state });
  const stopObserving = endpoint.observe((event) => {
    if (!('state' in event)) return;
    if (sessionOf(event) !== undefined) {
      statuses.push(event);
      return;
    }
    // not one peer among many, but the endpoint itself
    statuses.stop();
    show(event);
  });
  return () => {
    stopObserving();
    statuses.stop();
    node.status({});
  };
}

function sessionOf(event: StateEvent): Session | undefined {
  return event.kind === 'state' ? undefined : event.session;
}

/** The reason is in the words that the peer gets, whatever the language. */
function endingOf({ code, reason }: Extract<StateEvent, { kind: 'disconnect' }>): object {
  return { ...(code === undefined ? {} : { code }), ...(reason === undefined ? {} : { reason }) };
}

function hasStatusNode(RED: NodeAPI): boolean {
  let found = false;
  RED.nodes.eachNode(({ type }) => {
    if (type === 'status') found = true;
  });
  return found;
}

/** Shows that a node has nothing to attach to. */
export function showMisconfigured(RED: NodeAPI, node: Node, code: ConfigurationProblem): void {
  node.status(look(RED, { kind: 'misconfigured', code }));
}

/**
 * A text that is a catalog key is translated by the editor, into the language of whoever looks. It has no values to put into
 * one (editor-client, red.js: `node._(msg.text)`), so a text with a number is in the language of the runtime, as with the
 * built-in nodes.
 */
function look(RED: NodeAPI, state: EndpointState): NodeStatus {
  switch (state.kind) {
    case 'idle':
      return {};
    case 'connected':
      return green(
        state.count === undefined
          ? 'node-red:common.status.connected'
          : RED._('status.connected', { count: state.count }),
      );
    case 'empty':
      return ring('grey', 'node-red:common.status.disconnected');
    case 'keys-unavailable':
      return ring(state.oldKeys ? 'yellow' : 'red', textKey('status.keys-unavailable'));
    case 'cluster-down':
      return ring(
        AT_THE_BROKER.has(state.reason) ? 'red' : 'yellow',
        RED._('status.cluster-down', { reason: state.reason, count: state.count }),
      );
    case 'disconnected':
      return red(withWaiting(RED, 'node-red:common.status.disconnected', state.waiting));
    case 'closed':
      return ring('grey', withWaiting(RED, 'node-red:common.status.disconnected', state.waiting));
    case 'error':
      return red('node-red:common.status.error');
    case 'failed':
      return red(withWaiting(RED, state.reason, state.waiting));
    case 'misconfigured':
      return red(textKey(`status.${state.code}`));
  }
}

/** @param text a reason, or the key of one */
function withWaiting(RED: NodeAPI, text: string, count: number | undefined): string {
  if (count === undefined) return text;
  const reason = text.startsWith('node-red:') ? RED._(text) : text;
  return RED._('status.waiting', { reason, count });
}

function green(text: string): NodeStatus {
  return { fill: 'green', shape: 'dot', text };
}

function red(text: string): NodeStatus {
  return ring('red', text);
}

function ring(fill: 'red' | 'yellow' | 'grey', text: string): NodeStatus {
  return { fill, shape: 'ring', text };
}
