import { Watch, type WatchTarget } from '../../src/live/watch.js';
import type { Watches } from '../../src/live/watches.js';
import { LiveRefusal } from './live-error.js';
import type { Whom } from './request.js';
import { findConnection, type ShownEntry } from './shown-entries.js';

/**
 * Begins to watch one connection or one tenant.
 * @returns the ticket
 * @throws LiveRefusal, TooManyWatches
 */
export function openWatch(watches: Watches, entries: readonly ShownEntry[], whom: Whom): string {
  const target = targetOf(entries, whom);
  const watch = new Watch(target, (id) => {
    const found = entries.map(({ listener }) => listener.connected.get(id)).find((one) => one !== undefined);
    return found?.identity.tenantId;
  });
  return watches.open(watch, () => {
    const stops = entries.map(({ listener }) => listener.tap(watch));
    return () => {
      for (const stop of stops) stop();
    };
  });
}

function targetOf(entries: readonly ShownEntry[], whom: Whom): WatchTarget {
  switch (whom.kind) {
    case 'ref':
      return { kind: 'connection', connection: findConnection(entries, whom.ref)[1] };
    case 'tenant':
      return { kind: 'tenant', tenantId: whom.tenantId };
    case 'subject':
      throw new LiveRefusal('bad-request');
  }
}
