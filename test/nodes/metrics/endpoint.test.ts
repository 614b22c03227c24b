import should from 'should';
import { promtool } from '../../support/core/promtool.js';
import { SocketClient } from '../../support/core/socket-client.js';
import { CLAIMS, SECRET, token } from '../../support/core/tokens.js';
import { type LinkedNodeRed, linkedNodeRed } from '../../support/package/linked-node-red.js';

const FLOW = [
  { id: 'f', type: 'tab', label: 'Flow' },
  { id: 'l', type: 'websocket-plus-listener', path: '/ws', routingScope: 'tenant' },
  { id: 'b', type: 'websocket-plus-listener', path: '/broken' },
  {
    id: 'c',
    type: 'websocket-plus-client',
    path: 'ws://user:pass@127.0.0.1:1/up?key=hidden',
    authMode: 'none',
  },
  { id: 'in', type: 'websocket-plus in', z: 'f', server: 'l', wires: [['out']] },
  { id: 'out', type: 'websocket-plus out', z: 'f', server: 'l', wires: [] },
  {
    id: 'inject',
    type: 'inject',
    z: 'f',
    x: 1,
    y: 1,
    props: [{ p: 'payload' }],
    payload: 'from nobody',
    payloadType: 'str',
    wires: [['out']],
  },
];
const CREDENTIALS = { l: { jwtSecret: SECRET } };

describe('nodes/metrics', function () {
  this.timeout(60_000); // Node-RED starts

  let linked: LinkedNodeRed;
  before(async () => {
    linked = await linkedNodeRed({ flow: FLOW, credentials: CREDENTIALS });
  });
  after(() => linked.stop());

  function url(path: string, claims?: Record<string, unknown>): string {
    const jwt = claims === undefined ? '' : `?token=${token({ ...CLAIMS, ...claims })}`;
    return `${linked.nodeRed.url.replace('http', 'ws')}${path}${jwt}`;
  }
  async function scrape(): Promise<string> {
    const response = await linked.nodeRed.request('/websocket-plus/metrics');
    should(response.status).equal(200);
    should(response.headers.get('content-type')).equal('text/plain; version=0.0.4; charset=utf-8');
    return response.text();
  }
  async function value(series: string): Promise<number | undefined> {
    const line = (await scrape()).split('\n').find((one) => one.startsWith(`websocket_plus_${series} `));
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  }

  it('counts connections, messages and bytes per peer', async () => {
    const [ann, bob] = [await SocketClient.open(url('/ws', {})), await SocketClient.open(url('/ws', {}))];
    ann.send('hello');
    await Promise.all([ann.next(), bob.next()]);
    should(await value('connections{listener="/ws"}')).equal(2);
    should(await value('handshakes_total{listener="/ws",result="accepted"}')).equal(2);
    should(await value('handshake_seconds_count{listener="/ws"}')).equal(2);
    should(await value('messages_total{listener="/ws",direction="in"}')).equal(1);
    should(await value('messages_total{listener="/ws",direction="out"}')).equal(2);
    should(await value('bytes_total{listener="/ws",direction="out"}')).equal(10);
    await Promise.all([ann.close(), bob.close()]);
  });

  it('counts refusals of a listener that does not work, too', async () => {
    await SocketClient.refused(url('/broken'));
    should(await value('handshakes_total{listener="/broken",result="unavailable"}')).equal(1);
    should(await value('connections{listener="/broken"}')).equal(0);
  });

  it('counts messages that could not be sent', async () => {
    const from = linked.nodeRed.log.length;
    should((await linked.nodeRed.post('/inject/inject', {})).status).equal(200);
    await linked.nodeRed.logged(/msg\._session/, from);
    should(await value('send_errors_total{listener="/ws",error="send-no-session"}')).equal(1);
  });

  it('names no tenant, no subject, no address and nothing of a URL but its host', async () => {
    const ann = await SocketClient.open(url('/ws', { sub: 'secret-subject', tenant_id: 'secret-tenant' }));
    const text = await scrape();
    for (const secret of ['secret-', 'hidden', 'user', 'pass', '/up']) should(text).not.containEql(secret);
    const labels = new Set(Array.from(text.matchAll(/(\w+)="/g), ([, name]) => name));
    should([...labels].sort()).eql(
      ['client', 'code', 'direction', 'error', 'le', 'listener', 'result'].filter((name) => labels.has(name)),
    );
    await ann.close();
  });

  it('is what Prometheus reads', async function () {
    const verdict = await promtool(['check', 'metrics'], await scrape());
    if (verdict === undefined) {
      console.log('    skipped: promtool is not installed');
      return this.skip();
    }
    should(verdict).eql({ code: 0, output: '' });
  });

  it('has no series of a listener or client that is gone', async () => {
    should(await value('connections{listener="/ws"}')).be.a.Number();
    should(await value('client_up{client="127.0.0.1:1"}')).equal(0);
    await linked.nodeRed.deploy(FLOW.filter(({ id }) => id === 'b'));
    should((await scrape()).match(/listener="[^"]*"|client="[^"]*"/g)).matchEach('listener="/broken"');
  });
});
