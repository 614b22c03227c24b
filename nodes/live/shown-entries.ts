import type { Listener } from '../../src/listener/listener.js';
import type { ShownListener } from '../../src/live/session-rows.js';
import type { Connection } from '../../src/sessions/connection.js';
import { expiryOf } from '../../src/sessions/lifetime.js';
import type { ListenerEntry, Roster } from '../roster.js';
import { LiveRefusal } from './live-error.js';
import { ALL } from './protocol.js';

/** A listener that may have connections. */
export interface ShownEntry extends ShownListener {
  readonly listener: Listener;
}

/**
 * The listeners that an id means, `ALL` for all of them.
 * @throws LiveRefusal where there is none of that id
 */
export function shownEntries({ listeners }: Roster, id: string): readonly ShownEntry[] {
  const chosen = [...listeners].filter((entry) => id === ALL || entry.id === id);
  if (chosen.length === 0 && id !== ALL) throw new LiveRefusal('live-unknown');
  return chosen.flatMap(shownEntry);
}

function shownEntry({ id, at }: ListenerEntry): ShownEntry[] {
  if (at.kind === 'broken') return [];
  const { listener, options } = at;
  return [
    {
      id,
      listener,
      all: () => listener.connected.all(),
      ofTenant: (tenantId) => listener.connected.ofTenant(tenantId),
      expiryOf: ({ identity }) => expiryOf(identity, options),
    },
  ];
}

/** @param ref `number` of the connection @throws LiveRefusal where it is gone */
export function findConnection(entries: readonly ShownEntry[], ref: number): [ShownEntry, Connection] {
  for (const entry of entries) {
    for (const connection of entry.all()) {
      if (connection.number === ref && !connection.closing) return [entry, connection];
    }
  }
  throw new LiveRefusal('live-unknown');
}
