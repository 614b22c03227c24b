import { SocketClient } from '../core/socket-client.js';
import type { NodeRedProcess } from './node-red-process.js';

/** A node's status, as the editor gets it. */
export interface ShownStatus {
  readonly fill?: string;
  readonly shape?: string;
  readonly text?: string;
}

/** The text of a node whose client is connected: a catalog key, which the editor translates. */
export const CONNECTED = 'node-red:common.status.connected';

/** Resolves once a node shows this text, which may be so already: an editor that comes gets what is shown. */
export async function statusShown(nodeRed: NodeRedProcess, id: string, text: string): Promise<ShownStatus> {
  const editor = await SocketClient.open(`${nodeRed.url.replace('http', 'ws')}/comms`);
  editor.send(JSON.stringify({ subscribe: 'status/#' }));
  for (;;) {
    for (const { topic, data } of (await editor.nextJson()) as readonly Published[]) {
      if (topic !== `status/${id}` || data.text !== text) continue;
      await editor.close();
      return data;
    }
  }
}

interface Published {
  readonly topic: string;
  readonly data: ShownStatus;
}
