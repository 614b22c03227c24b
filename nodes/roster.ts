import type { Server } from 'node:http';
import type { NodeAPI } from 'node-red';
import type { Client } from '../src/client/client.js';
import type { Cluster } from '../src/cluster/cluster.js';
import type { ListenerOptions } from '../src/config/listener-options.js';
import type { Faulty } from '../src/endpoint/faulty.js';
import type { Listener } from '../src/listener/listener.js';
import type { Misconfigured } from '../src/listener/misconfigured.js';
import type { ClientRecord } from '../src/live/client-record.js';
import type { ListenerRecord } from '../src/live/listener-record.js';
import { UnservedPaths } from '../src/live/unserved-paths.js';
import type { ClientCounts } from '../src/metrics/client-counts.js';
import type { ListenerCounts } from '../src/metrics/listener-counts.js';

/** A listener's config node at work. */
export interface ListenerEntry {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  /** Whether it serves its path, or only says why it does not. */
  readonly at: Serving | Broken;
  readonly counts: ListenerCounts;
  /** Undefined where the live view is switched off. */
  readonly record: ListenerRecord | undefined;
}

interface Serving {
  readonly kind: 'serving';
  readonly listener: Listener;
  readonly options: ListenerOptions;
}

interface Broken {
  readonly kind: 'broken';
  readonly listener: Misconfigured;
}

/** A client's config node at work. */
export interface ClientEntry {
  readonly id: string;
  readonly name: string;
  /** Without its query. */
  readonly url: string;
  readonly at:
    | { readonly kind: 'working'; readonly client: Client }
    | { readonly kind: 'broken'; readonly client: Faulty };
  readonly counts: ClientCounts;
  readonly record: ClientRecord;
}

/** A cluster's config node at work. */
export interface ClusterEntry {
  readonly id: string;
  readonly name: string;
  readonly at:
    | { readonly kind: 'working'; readonly cluster: Cluster }
    | { readonly kind: 'broken'; readonly code: string };
  /** When its state began, in milliseconds since the epoch. */
  readonly since: () => number;
}

/** The listeners, clients and clusters of a runtime, for whoever looks at all of them. */
export class Roster {
  readonly listeners = new Set<ListenerEntry>();
  readonly clients = new Set<ClientEntry>();
  readonly clusters = new Set<ClusterEntry>();
  /** What is asked for that none of the listeners serves. */
  readonly unserved = new UnservedPaths();
}

const rosters = new WeakMap<Server, Roster>();

/** That of the runtime to which `RED` belongs. */
export function rosterOf({ server }: NodeAPI): Roster {
  const roster = rosters.get(server) ?? new Roster();
  rosters.set(server, roster);
  return roster;
}
