import type { EditorNode } from '../dialog/node-editor.js';
import { text } from '../dialog/text-editor.js';
import { showConnections } from './editor.js';
import type { LiveView } from './protocol.js';
import { ask } from './request-editor.js';
import { number } from './units-editor.js';

/** The last minute, in seconds. */
const MINUTE = 60;

/** Says in a listener's dialog how it is doing, once it is deployed, and leads to more. Asks the runtime once. */
export async function showLine({ id }: EditorNode): Promise<void> {
  const line = $('#websocket-plus-live-line');
  // who may not see it, or not yet, misses nothing
  const view = await ask<LiveView>('').catch(() => undefined);
  const listener = view?.listeners.find((one) => one.id === id);
  if (listener === undefined) return;
  const refused = listener.series.refused.slice(-MINUTE).reduce((sum, one) => sum + one, 0);
  const values = { connections: number(listener.connections), refused: number(refused) };
  line.find('span').text(text('live.line', values));
  line.find('button').on('click', () => showConnections(id));
  line.prop('hidden', false);
}
