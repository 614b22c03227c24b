import should from 'should';
import { ClientCounts } from '../../../src/metrics/client-counts.js';
import {
  expose,
  type ScrapedClient,
  type ScrapedCluster,
  type ScrapedListener,
} from '../../../src/metrics/exposition.js';
import { ListenerCounts } from '../../../src/metrics/listener-counts.js';
import { promtool } from '../../support/core/promtool.js';

const SESSION = { type: 'websocket', id: 'x', authStatus: 'none' } as const;
const CONNECTED = { kind: 'connected' } as const;

function listener(path: string, more: Partial<ScrapedListener> = {}): ScrapedListener {
  return {
    path,
    counts: new ListenerCounts(),
    connections: 0,
    received: { messages: 0, bytes: 0 },
    sent: { messages: 0, bytes: 0 },
    unsentBytes: 0,
    ...more,
  };
}

function client(host: string, more: Partial<ScrapedClient> = {}): ScrapedClient {
  const { received, sent, unsentBytes } = listener('');
  return { host, counts: new ClientCounts(), isConnected: true, received, sent, unsentBytes, ...more };
}

/** The lines of a scrape that hold a value, without what all names begin with. */
async function lines(
  listeners: ScrapedListener[],
  clients: ScrapedClient[] = [],
  clusters: ScrapedCluster[] = [],
): Promise<string[]> {
  const { text } = await expose({ listeners, clients, clusters });
  const values = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return values.map((line) => line.replace('websocket_plus_', ''));
}

describe('src/metrics/exposition', () => {
  it('writes what there is of a listener', async () => {
    const counts = new ListenerCounts();
    counts.count({ kind: 'connect', state: CONNECTED, session: SESSION, handshakeMs: 3 });
    counts.count({ kind: 'send-failed', code: 'send-too-large' });
    counts.count({ kind: 'keys-fetched', set: { keys: [] } });
    const traffic = { received: { messages: 3, bytes: 30 }, sent: { messages: 4, bytes: 40 } };
    const found = await lines([listener('/ws', { counts, connections: 7, unsentBytes: 9, ...traffic })]);
    should(found).containDeep([
      'connections{listener="/ws"} 7',
      'handshakes_total{listener="/ws",result="accepted"} 1',
      'handshakes_total{listener="/ws",result="token_expired"} 0',
      'handshake_seconds_bucket{listener="/ws",le="0.0025"} 0',
      'handshake_seconds_bucket{listener="/ws",le="0.005"} 1',
      'handshake_seconds_bucket{listener="/ws",le="+Inf"} 1',
      'handshake_seconds_sum{listener="/ws"} 0.003',
      'handshake_seconds_count{listener="/ws"} 1',
      'messages_total{listener="/ws",direction="in"} 3',
      'messages_total{listener="/ws",direction="out"} 4',
      'bytes_total{listener="/ws",direction="in"} 30',
      'bytes_total{listener="/ws",direction="out"} 40',
      'send_errors_total{listener="/ws",error="send-too-large"} 1',
      'slow_consumers_total{listener="/ws"} 0',
      'backlog_bytes{listener="/ws"} 9',
      'key_fetches_total{listener="/ws",result="ok"} 1',
    ]);
    should(found.filter((line) => line.startsWith('keys_age_seconds{listener="/ws"}'))).have.length(1);
  });

  it('writes what there is of a client, and of what its server says no more than a status', async () => {
    const counts = new ClientCounts();
    for (const reason of ['401 token_expired', '401', 'proxy 407', 'ECONNREFUSED'])
      counts.count({ kind: 'failed', reason, attempt: 1, retryInMs: 1000 });
    counts.count({ kind: 'connect', state: CONNECTED, session: SESSION });
    const found = await lines([], [client('example.com', { counts })]);
    should(found).containDeep([
      'client_up{client="example.com"} 1',
      'client_attempts_total{client="example.com",result="401"} 2',
      'client_attempts_total{client="example.com",result="proxy_407"} 1',
      'client_attempts_total{client="example.com",result="ECONNREFUSED"} 1',
      'client_attempts_total{client="example.com",result="ok"} 1',
      'messages_total{client="example.com",direction="in"} 0',
    ]);
    should(found.join()).not.containEql('token_expired');
  });

  it('adds two listeners of one path up, and is down where one client of a host is', async () => {
    const both = [listener('/ws', { connections: 2 }), listener('/ws', { connections: 3 })];
    const clients = [client('h'), client('h', { isConnected: false })];
    const found = await lines(both, clients);
    should(found.filter((line) => /^(?:connections|client_up)/.test(line))).eql([
      'connections{listener="/ws"} 5',
      'client_up{client="h"} 0',
    ]);
  });

  it('writes what there is of a cluster', async () => {
    const cluster = { name: 'ours', isUp: true, members: 2, sent: 5, received: 7 };
    should(await lines([], [], [cluster])).eql([
      'cluster_up{cluster="ours"} 1',
      'cluster_members{cluster="ours"} 2',
      'cluster_messages_total{cluster="ours",direction="in"} 7',
      'cluster_messages_total{cluster="ours",direction="out"} 5',
    ]);
    const [up] = await lines([], [], [cluster, { ...cluster, isUp: false }]);
    should(up).equal('cluster_up{cluster="ours"} 0');
  });

  it('has no series of what is not there', async () => {
    should(await lines([])).eql([]);
  });

  it('says that it is the text format', async () => {
    should((await expose({ listeners: [], clients: [], clusters: [] })).contentType).equal(
      'text/plain; version=0.0.4; charset=utf-8',
    );
  });

  it('is what Prometheus reads, whatever a path is called', async function () {
    const listeners = [listener('/ws/:a"b\\c\nd/ü'), listener('/ws')];
    const clusters = [{ name: 'n "a"', isUp: true, members: 1, sent: 0, received: 0 }];
    const { text } = await expose({ listeners, clients: [client('h:81')], clusters });
    const verdict = await promtool(['check', 'metrics'], text);
    if (verdict === undefined) {
      console.log('    skipped: promtool is not installed');
      return this.skip();
    }
    should(verdict).eql({ code: 0, output: '' });
  });
});
