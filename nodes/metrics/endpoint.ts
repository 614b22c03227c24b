import type { NodeAPI } from 'node-red';
import {
  expose,
  type ScrapedClient,
  type ScrapedCluster,
  type ScrapedListener,
} from '../../src/metrics/exposition.js';
import { type ClientEntry, type ClusterEntry, type ListenerEntry, rosterOf } from '../roster.js';

const NOTHING = { messages: 0, bytes: 0 };

/** Serves the metrics of all listeners and clients to a Prometheus that may read them. */
export function serveMetrics(RED: NodeAPI): void {
  const allowed = RED.auth.needsPermission('websocket-plus.read');
  RED.httpAdmin.get('/websocket-plus/metrics', allowed, (_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    const { listeners, clients, clusters } = rosterOf(RED);
    expose({
      listeners: [...listeners].map(scrapeListener),
      clients: [...clients].map(scrapeClient),
      clusters: [...clusters].map(scrapeCluster),
    }).then(({ contentType, text }) => {
      response.setHeader('Content-Type', contentType);
      response.end(text);
    }, next);
  });
}

function scrapeListener({ path, at, counts }: ListenerEntry): ScrapedListener {
  if (at.kind === 'broken') {
    return { path, counts, connections: 0, received: NOTHING, sent: NOTHING, unsentBytes: 0 };
  }
  const { connected, traffic } = at.listener;
  let unsentBytes = at.listener.queuedBytes;
  for (const { bufferedBytes } of connected.all()) unsentBytes += bufferedBytes;
  return { path, counts, connections: connected.size, ...traffic, unsentBytes };
}

function scrapeClient({ url, at, counts }: ClientEntry): ScrapedClient {
  const host = hostOf(url);
  if (at.kind === 'broken') {
    return { host, counts, isConnected: false, received: NOTHING, sent: NOTHING, unsentBytes: 0 };
  }
  const { state, traffic, bufferedBytes: unsentBytes } = at.client;
  return { host, counts, isConnected: state.kind === 'connected', ...traffic, unsentBytes };
}

function scrapeCluster({ id, name, at }: ClusterEntry): ScrapedCluster {
  const label = name === '' ? id : name;
  if (at.kind === 'broken') return { name: label, isUp: false, members: 0, sent: 0, received: 0 };
  const { state, size, traffic } = at.cluster;
  return { name: label, isUp: state.kind === 'up', members: size, ...traffic };
}

/** With its port, where that is not the usual one; a URL that is none has no host. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}
