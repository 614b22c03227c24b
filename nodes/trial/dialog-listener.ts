import type { NodeAPI } from 'node-red';
import {
  type ListenerOptions,
  parseListenerOptions,
  parseListenerPath,
} from '../../src/config/listener-options.js';
import { dialogNode } from './dialog-node.js';
import type { ListenerDialog } from './protocol.js';

/** What a listener would be if its dialog were deployed now. */
export interface DialogListener {
  readonly options: ListenerOptions;
  /** Below `httpNodeRoot`. */
  readonly path: string;
}

/**
 * Reads a dialog as the runtime reads a node, variables replaced.
 * @throws ConfigurationError
 */
export function listenerOfDialog(RED: NodeAPI, dialog: ListenerDialog): DialogListener {
  const { environment, properties, credential } = dialogNode(RED, 'websocket-plus-listener', dialog);
  const secret = credential('jwtSecret', dialog.jwtSecret);
  return {
    options: parseListenerOptions(properties, secret, environment),
    path: parseListenerPath(properties, environment),
  };
}
