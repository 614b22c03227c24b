import { ControlError, type ControlOutcome, type ControlRequest } from '../endpoint/control.js';
import type { EndpointState } from '../events/events.js';
import type { ConnectWish } from './line-settings.js';

/** What a flow may steer of a client. */
export interface Steered {
  readonly state: EndpointState;
  /** @throws ConfigurationError */
  connect(wish: ConnectWish): void;
  disconnect(): void;
}

/**
 * Does what a flow asks of a client.
 * @throws ControlError where only listeners can do it; ConfigurationError where the URL is none
 */
export function controlClient(client: Steered, request: ControlRequest): ControlOutcome {
  switch (request.kind) {
    case 'connect': {
      const { kind: _kind, ...wish } = request;
      client.connect(wish);
      break;
    }
    case 'close':
      client.disconnect();
      break;
    default:
      throw new ControlError('control-unsupported');
  }
  const { kind } = client.state;
  return {
    kind: 'payload',
    payload: { state: kind === 'connected' || kind === 'closed' ? kind : 'connecting' },
  };
}
