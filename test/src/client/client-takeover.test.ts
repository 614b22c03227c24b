import { once } from 'node:events';
import should from 'should';
import type { WebSocket } from 'ws';
import { until } from '../../support/cluster/until.js';
import { ClientProbe, type ProbeOptions } from '../../support/core/client-probe.js';
import { ListenerServer } from '../../support/core/listener-server.js';
import { OriginServer } from '../../support/core/origin-server.js';
import { Queue } from '../../support/core/queue.js';
import { backTo, resources } from '../../support/core/resources.js';
import { TokenServer } from '../../support/core/token-server.js';

/** Of a token, in seconds; a newer one is wanted after 80 % of it. One that ended before there is a connection is not renewed. */
const LIFE = 2;

describe('src/client/client: a second connection takes over', () => {
  let before: Record<string, number>;
  let tokens: TokenServer;
  let origin: OriginServer;
  let probe: ClientProbe;

  beforeEach(async () => {
    before = await resources();
    tokens = await TokenServer.start();
    tokens.answer = TokenServer.granting(LIFE);
    origin = await OriginServer.start();
  });
  afterEach(async () => {
    await probe.client.close();
    await origin.stop();
    await tokens.stop();
    await backTo(before);
  });

  function start(properties: Record<string, unknown> = {}, more: ProbeOptions = {}): void {
    probe = new ClientProbe(origin.url(), {
      properties: { authMode: 'oauth2', tokenUrl: tokens.url, ...properties },
      credentials: { clientId: 'device', clientSecret: 'secret' },
      ...more,
    });
  }
  async function payloads(count: number): Promise<unknown[]> {
    const heard: unknown[] = [];
    while (heard.length < count) heard.push((await probe.messages.next()).payload);
    return heard;
  }
  /** What was told of renewals that failed. */
  function failures(): unknown[] {
    return probe.all.items.filter(({ kind }) => kind === 'renewal-failed');
  }
  /** What a server hears on a socket, one after the other. */
  function heard(socket: WebSocket): Queue<string> {
    const queue = new Queue<string>();
    socket.on('message', (data) => queue.push(String(data)));
    return queue;
  }

  it('before the token expires, and ends the first one', async () => {
    start();
    const one = await origin.accepted.next();
    const closed = once(one, 'close');
    const { session } = await probe.next('connect');
    const two = await origin.accepted.next();
    const next = await probe.next('connect');
    should(next.session?.id).not.equal(session?.id);
    const [code] = await closed;
    should(code).equal(1000);
    should(await probe.next('disconnect')).containEql({
      state: { kind: 'connected' },
      session,
    });
    should(two.readyState).equal(two.OPEN);
    should(probe.client.state).eql({ kind: 'connected' });
    should(probe.log).eql([]);
    const [first, second] = tokens.requests;
    should([first, second].every((asked) => asked !== undefined)).equal(true);
    should(origin.requests[0]?.url).not.equal(origin.requests[1]?.url);
  });

  it('so that what the server says to both comes once, in order, whichever is read first', async () => {
    start();
    const one = await origin.accepted.next();
    one.send('before');
    const two = await origin.accepted.next();
    two.send('to both 1');
    two.send('to both 2');
    one.send('to the old one');
    one.send('to both 1');
    two.send('to the new one');
    one.send('to both 2');
    two.send('after');
    should(await payloads(6)).eql([
      'before',
      'to the old one',
      'to both 1',
      'to both 2',
      'to the new one',
      'after',
    ]);
    two.send('after');
    should(await payloads(1)).eql(['after']);
  });

  it('and what the old one sends until it has answered the close is still heard', async () => {
    start();
    const one = await origin.accepted.next();
    const two = await origin.accepted.next();
    two.send('new');
    await probe.next('connect');
    await probe.next('connect');
    one.send('late');
    should(await payloads(2)).eql(['late', 'new']);
  });

  it('and what is sent meanwhile arrives behind what was sent before', async () => {
    start();
    const one = await origin.accepted.next();
    const first = heard(one);
    await probe.next('connect');
    const ended = once(one, 'close').then(() => first.push('closed'));
    const two = await origin.accepted.next();
    const second = heard(two);
    probe.client.send({ payload: 'on the old one' }, () => {});
    await probe.next('connect');
    const sent = Promise.all([1, 2, 3].map((n) => probe.send({ payload: `n${n}` })));
    should(await first.next()).equal('on the old one');
    should(await first.next()).equal('closed');
    should([await second.next(), await second.next(), await second.next()]).eql(['n1', 'n2', 'n3']);
    should(await sent).eql([undefined, undefined, undefined]);
    await ended;
  });

  it('and what answers the new one leaves at once', async () => {
    start({}, { limits: { closeTimeoutMs: 300 } });
    const one = await origin.accepted.next();
    await probe.next('connect');
    one.pause(); // it does not answer the close frame
    const two = await origin.accepted.next();
    const second = heard(two);
    const { session } = await probe.next('connect');
    const other = probe.send({ payload: 'other' });
    should(await probe.send({ payload: 'login', _session: session })).equal(undefined);
    should(await second.next()).equal('login');
    should(await other).equal(undefined); // the old one was cut off
    should(await second.next()).equal('other');
  });

  it('again and again, with two sockets at most', async () => {
    start();
    let most = 0;
    for (let i = 0; i < 4; i += 1) {
      await origin.accepted.next();
      most = Math.max(most, origin.openSockets);
    }
    should(most).equal(2);
    should(tokens.requests.length).be.aboveOrEqual(4);
  });

  it('unless it is refused: then the first one stays, and the token is asked for anew', async () => {
    start({}, { limits: { stableMs: 0 } });
    const one = await origin.accepted.next();
    await probe.next('connect');
    origin.answer = 401;
    for (let asked = 0; asked < 3; asked += 1) await origin.asked.next();
    one.send('still here');
    should(await payloads(1)).eql(['still here']);
    origin.answer = 'accept';
    await origin.accepted.next();
    await probe.next('connect');
    should(probe.log).eql([]);
    should(failures()).eql([{ kind: 'renewal-failed', reason: '401' }]);
  });

  it('unless no token is to be had: then the first one stays', async () => {
    start();
    const one = await origin.accepted.next();
    await probe.next('connect');
    await tokens.asked.next();
    tokens.answer = TokenServer.json({ error: 'temporarily_unavailable' }, 500);
    await tokens.asked.next();
    one.send('still here');
    should(await payloads(1)).eql(['still here']);
    should(origin.requests.length).equal(1);
    tokens.answer = TokenServer.granting(LIFE);
    await origin.accepted.next();
    const failed = { kind: 'renewal-failed', reason: 'token 500 temporarily_unavailable' };
    should(failures()).eql([failed]);
    tokens.answer = TokenServer.json({ error: 'temporarily_unavailable' }, 500);
    await until(() => failures().length > 1);
    should(failures()).eql([failed, failed]); // of another token
  });

  it('at once where the first one is lost meanwhile', async () => {
    start();
    const one = await origin.accepted.next();
    await probe.next('connect');
    let goOn = () => {};
    origin.answer = (socket) => {
      goOn = () => {
        origin.answer = 'accept';
        socket.destroy();
      };
    };
    await origin.asked.next();
    await origin.asked.next();
    one.terminate();
    should(await probe.next('disconnect')).containEql({ retryInMs: 0 });
    goOn();
    await probe.next('connect');
    should(probe.log).eql(['down 1006']);
  });

  it('not where that is switched off, and then costs no timer', async () => {
    start({ renew: 'off' }, { limits: { stableMs: 0 } });
    const one = await origin.accepted.next();
    await probe.next('connect');
    await backTo({ ...before, TCPSocketWrap: 9, TCPServerWrap: 9 }); // no timer more than before
    one.send('x');
    should(await payloads(1)).eql(['x']);
  });

  it('of a listener of ours, without a gap in its stream or in ours', async () => {
    const server = await ListenerServer.start({
      properties: { tokenSources: ['header'], routingScope: 'global' },
    });
    const heardByServer = new Queue<string>();
    server.listener.attach(({ payload }) => heardByServer.push(String(payload)));
    tokens.answer = TokenServer.granting(LIFE);
    probe = new ClientProbe(server.url(), {
      properties: { authMode: 'oauth2', tokenUrl: tokens.url, tokenPlacement: 'header' },
      credentials: { clientId: 'device', clientSecret: 'secret' },
    });
    await probe.next('connect');
    const up: string[] = [];
    const down: string[] = [];
    let count = 0;
    // as fast as they go, so that some fall into every moment of a takeover
    while (tokens.requests.length < 5) {
      count += 1;
      const text = String(count);
      const [, error] = await Promise.all([server.send({ payload: text }), probe.send({ payload: text })]);
      should(error).equal(undefined);
      up.push(await heardByServer.next());
      down.push(String((await probe.messages.next()).payload));
    }
    const expected = Array.from({ length: count }, (_, index) => String(index + 1));
    should(up).eql(expected);
    should(down).eql(expected);
    await probe.client.close();
    await server.stop();
  });
});
