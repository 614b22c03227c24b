import type { EditorNode } from '../dialog/node-editor.js';
import { Clusters } from './clusters-editor.js';
import type { LiveView } from './protocol.js';
import { ask } from './request-editor.js';

/** Says in a cluster's dialog how it is doing and which other instances it hears, once it is deployed. Asks the runtime once. */
export async function showClusterState({ id }: EditorNode): Promise<void> {
  const place = $('#websocket-plus-cluster-state');
  // who may not see it, or not yet, misses nothing
  const view = await ask<LiveView>('').catch(() => undefined);
  const found = view?.clusters.find((one) => one.id === id);
  if (view === undefined || found === undefined) return;
  const clusters = new Clusters();
  clusters.show([found], view.at);
  place.append(clusters.element).prop('hidden', false);
}
