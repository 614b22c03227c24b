import type { Node, NodeAPI } from 'node-red';
import type { EndpointEvent } from '../../src/events/events.js';
import { UpgradeRouter } from '../../src/handshake/upgrade-router.js';
import { ListenerRecord } from '../../src/live/listener-record.js';
import { ListenerCounts } from '../../src/metrics/listener-counts.js';
import { type ListenerEntry, rosterOf } from '../roster.js';
import { liveDetail } from '../settings.js';

/** A listener that is about to be made, for whoever looks at all of them. */
export interface Enrolment {
  /** To be called with each event of the listener. */
  readonly observer: (event: EndpointEvent) => void;
  /** @returns takes it off the list again */
  enrol(at: ListenerEntry['at']): () => void;
}

/** Counts what happens to a listener and, unless the live view is switched off, remembers some of it. */
export function listenerEnrolment(RED: NodeAPI, { id, name = '' }: Node, path: string): Enrolment {
  const counts = new ListenerCounts();
  const record = liveDetail(RED) === 'off' ? undefined : new ListenerRecord();
  return {
    observer(event) {
      counts.count(event);
      record?.take(event);
    },
    enrol(at) {
      const { listeners, unserved } = rosterOf(RED);
      const entry: ListenerEntry = { id, name, path, at, counts, record };
      listeners.add(entry);
      if (record !== undefined) {
        UpgradeRouter.of(RED.server).tellOfStrangers((requested, socket) =>
          unserved.follow(requested, socket),
        );
      }
      return () => listeners.delete(entry);
    },
  };
}
