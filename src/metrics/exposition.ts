import type { Metric } from 'prom-client';
import type { Amount } from '../sessions/traffic.js';
import type { ClientCounts } from './client-counts.js';
import { BUCKETS, type Durations } from './durations.js';
import type { ListenerCounts } from './listener-counts.js';
import { METRICS, type MetricName } from './metric-names.js';
import { type Labels, PREFIX, Samples } from './samples.js';

interface Scraped {
  readonly received: Amount;
  /** A message to an audience counts once for each peer. */
  readonly sent: Amount;
  /** What waits to be sent. */
  readonly unsentBytes: number;
}

/** A listener at the moment of a scrape. */
export interface ScrapedListener extends Scraped {
  readonly path: string;
  readonly counts: ListenerCounts;
  readonly connections: number;
}

/** A client at the moment of a scrape. */
export interface ScrapedClient extends Scraped {
  /** With its port, where that is not the usual one. */
  readonly host: string;
  readonly counts: ClientCounts;
  readonly isConnected: boolean;
}

/** A cluster at the moment of a scrape. */
export interface ScrapedCluster {
  /** The node's, or its id where it has none. */
  readonly name: string;
  readonly isUp: boolean;
  readonly members: number;
  readonly sent: number;
  readonly received: number;
}

/** All that is scraped. */
export interface Scrape {
  readonly listeners: readonly ScrapedListener[];
  readonly clients: readonly ScrapedClient[];
  readonly clusters: readonly ScrapedCluster[];
}

/** What a scrape is answered with. */
export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/**
 * Writes metrics in Prometheus' text format. Everything is made for this one answer, so that what is gone has no series;
 * prom-client is not loaded before the first.
 */
export async function expose({ listeners, clients, clusters }: Scrape): Promise<Exposition> {
  const { Registry } = await import('prom-client');
  const samples = new Samples();
  for (const listener of listeners) addListener(samples, listener);
  for (const client of clients) addClient(samples, client);
  for (const cluster of clusters) addCluster(samples, cluster);
  const registry = new Registry();
  for (const name of Object.keys(METRICS) as MetricName[]) registry.registerMetric(asMetric(name, samples));
  return { contentType: registry.contentType, text: await registry.metrics() };
}

/**
 * What a registry asks of a metric. Those of prom-client count by themselves, histograms only so; ours have been counted, and
 * the types do not know that this is enough.
 */
function asMetric(name: MetricName, samples: Samples): Metric {
  const { kind, help } = METRICS[name];
  const values = samples.of(name);
  const metric = { name: PREFIX + name, help, type: kind, values };
  return { ...metric, get: async () => metric } as unknown as Metric;
}

function addListener(samples: Samples, listener: ScrapedListener): void {
  const { path, counts } = listener;
  const label = { listener: path };
  samples.add('connections', label, listener.connections);
  addCounts(samples, 'handshakes_total', label, 'result', counts.handshakes.entries());
  addDurations(samples, label, counts.handshakeTimes);
  samples.add('slow_consumers_total', label, counts.slowConsumers);
  const age = counts.keysAgeSeconds();
  if (age !== undefined) samples.add('keys_age_seconds', label, age);
  addCounts(samples, 'key_fetches_total', label, 'result', counts.keyFetches.entries());
  addScraped(samples, label, listener);
}

function addClient(samples: Samples, client: ScrapedClient): void {
  const { host, counts, isConnected } = client;
  const label = { client: host };
  samples.add('client_up', label, Number(isConnected));
  addCounts(samples, 'client_attempts_total', label, 'result', counts.attempts.entries());
  addScraped(samples, label, client);
}

function addCluster(samples: Samples, { name, isUp, members, sent, received }: ScrapedCluster): void {
  const label = { cluster: name };
  samples.add('cluster_up', label, Number(isUp));
  samples.add('cluster_members', label, members);
  samples.add('cluster_messages_total', { ...label, direction: 'in' }, received);
  samples.add('cluster_messages_total', { ...label, direction: 'out' }, sent);
}

function addScraped(samples: Samples, label: Labels, scraped: ScrapedListener | ScrapedClient): void {
  const { counts, unsentBytes } = scraped;
  for (const [direction, { messages, bytes }] of [
    ['in', scraped.received],
    ['out', scraped.sent],
  ] as const) {
    samples.add('messages_total', { ...label, direction }, messages);
    samples.add('bytes_total', { ...label, direction }, bytes);
  }
  addCounts(samples, 'disconnects_total', label, 'code', counts.disconnects.entries());
  addCounts(samples, 'send_errors_total', label, 'error', counts.sendErrors.entries());
  samples.add('backlog_bytes', label, unsentBytes);
}

function addCounts(
  samples: Samples,
  name: MetricName,
  label: Labels,
  by: string,
  entries: Iterable<[word: string, count: number]>,
): void {
  for (const [word, count] of entries) samples.add(name, { ...label, [by]: word }, count);
}

function addDurations(samples: Samples, label: Labels, durations: Durations): void {
  const name = 'handshake_seconds';
  const counts = durations.cumulative();
  for (const [index, bound] of BUCKETS.entries()) {
    samples.add(name, { ...label, le: String(bound) }, counts[index] ?? 0, '_bucket');
  }
  samples.add(name, { ...label, le: '+Inf' }, durations.count, '_bucket');
  samples.add(name, label, durations.sum, '_sum');
  samples.add(name, label, durations.count, '_count');
}
