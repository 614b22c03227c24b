import type { Node, NodeAPI } from 'node-red';
import { ClientRecord } from '../../src/live/client-record.js';
import { ClientCounts } from '../../src/metrics/client-counts.js';
import { type ClientEntry, rosterOf } from '../roster.js';

/**
 * Puts a client on the list for whoever looks at all of them, and counts what happens to it.
 * @param url as it may be shown
 * @returns takes it off again
 */
export function enrolClient(
  RED: NodeAPI,
  { id, name = '' }: Node,
  url: string,
  at: ClientEntry['at'],
): () => void {
  const { clients } = rosterOf(RED);
  const entry: ClientEntry = { id, name, url, at, counts: new ClientCounts(), record: new ClientRecord() };
  const stop = at.client.observe((event) => {
    entry.counts.count(event);
    entry.record.take(event);
  });
  clients.add(entry);
  return () => {
    stop();
    clients.delete(entry);
  };
}
