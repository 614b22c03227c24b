/** How two values with the same labels become one: two listeners may have one path, two clients one host. */
type Combine = (one: number, other: number) => number;

const sum: Combine = (one, other) => one + other;

/** All metrics, by name without `websocket_plus_`. No label is a tenant, a subject or an address: there is no end of them. */
export const METRICS = {
  connections: gauge('Peers that are connected.'),
  handshakes_total: counter('Handshakes by their result: accepted, or the code of the refusal.'),
  handshake_seconds: metric('histogram', 'Time from the request of an accepted peer to its connection.'),
  disconnects_total: counter('Connections that ended, by close code.'),
  messages_total: counter('Messages of peers and flows. One to an audience counts once for each peer.'),
  bytes_total: counter('Bytes of messages, counted as messages are.'),
  send_errors_total: counter('Messages of flows that could not be sent, by the code of the error.'),
  slow_consumers_total: counter('Peers that were closed because they did not read.'),
  backlog_bytes: gauge('Bytes that wait to be sent.'),
  keys_age_seconds: gauge(
    'Time since keys were fetched, of the oldest where there are several sets.',
    Math.max,
  ),
  key_fetches_total: counter('Fetches of keys: ok, or the code of the error.'),
  client_up: gauge('Whether a client is connected: 1 or 0.', Math.min),
  client_attempts_total: counter('Attempts of a client to connect: ok, or what failed.'),
  cluster_up: gauge('Whether a cluster reaches its other instances: 1 or 0.', Math.min),
  cluster_members: gauge('Other instances of a cluster that are heard.'),
  cluster_messages_total: counter('Messages between instances of a cluster, without heartbeats.'),
} as const;

export type MetricName = keyof typeof METRICS;

function metric(kind: 'counter' | 'gauge' | 'histogram', help: string, combine: Combine = sum) {
  return { kind, help, combine };
}

function counter(help: string) {
  return metric('counter', help);
}

function gauge(help: string, combine: Combine = sum) {
  return metric('gauge', help, combine);
}
