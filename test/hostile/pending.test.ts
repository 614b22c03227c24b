import { once } from 'node:events';
import should from 'should';
import type { Middleware } from '../../src/handshake/middleware.js';
import { clientFrame, upgradeRequest } from '../support/core/raw-client.js';
import { SocketClient } from '../support/core/socket-client.js';
import { CLAIMS, seconds, token } from '../support/core/tokens.js';
import { attack, type Target } from '../support/hostile/target.js';

const properties = { tokenSources: ['query', 'message'] };
const TEXT = 1;
const BINARY = 2;

function login(jwt: string): string {
  return JSON.stringify({ type: 'authenticate', token: jwt });
}

/** A peer that is nobody yet. */
function pending(target: Target): Promise<SocketClient> {
  return SocketClient.open(target.listener.url());
}

/** Nothing of a pending peer is to be seen: no connection, no message. */
function unseen(target: Target): void {
  should(target.listener.events.items.filter(({ kind }) => kind === 'connect').length).equal(1);
  should(target.messages).eql([]);
}

const MISSING = { code: 4401, reason: 'token_missing' };

/** What a pending peer says first, the answer, and how it ends. */
const FIRST: [string, string | Buffer, object | undefined, object][] = [
  ['text', 'hello', undefined, MISSING],
  ['JSON of another type', '{"type":"hello"}', undefined, MISSING],
  ['an authentication without a token', '{"type":"authenticate"}', undefined, MISSING],
  ['an authentication whose token is a number', '{"type":"authenticate","token":1}', undefined, MISSING],
  ['an authentication in a list', `[${login(token())}]`, undefined, MISSING],
  ['an authentication in binary', Buffer.from(login(token())), undefined, MISSING],
  ['nothing', '', undefined, MISSING],
  ['an empty token', login(''), { type: 'unauthorized', error: 'token_missing' }, MISSING],
  [
    'a bad token',
    login('evil'),
    { type: 'unauthorized', error: 'token_invalid' },
    { code: 4401, reason: 'token_invalid' },
  ],
  [
    'an expired token',
    login(token({ ...CLAIMS, exp: seconds(-9) })),
    { type: 'unauthorized', error: 'token_expired' },
    { code: 4401, reason: 'token_expired' },
  ],
];

describe('hostile: a peer that is pending', () => {
  for (const [what, message, answer, end] of FIRST) {
    it(`says ${what} first`, () =>
      attack({ properties }, async (target) => {
        const peer = await pending(target);
        const refused = target.listener.next('refused');
        peer.send(message);
        if (answer !== undefined) should(await peer.nextJson()).eql(answer);
        should(await peer.closed).eql(end);
        should((await refused).code).equal((end as { reason: string }).reason);
        unseen(target);
      }));
  }

  it('says nothing, and is closed in time', () =>
    attack({ properties, authTimeoutMs: 50 }, async (target) => {
      const peer = await pending(target);
      should(await peer.closed).eql({ code: 4408, reason: 'authentication timeout' });
      unseen(target);
    }));

  it('says who it is, and is a connection like any other from then on', () =>
    attack({ properties }, async (target) => {
      const peer = await pending(target);
      should(target.listener.listener.state).match({ count: 1 }); // the bystander
      peer.send(login(token()));
      const answer = (await peer.nextJson()) as { type: string; expiresIn: number };
      should(answer.type).equal('authenticated');
      should(answer.expiresIn).be.within(1, 3600);
      should(await target.listener.messageFrom(peer)).match({
        payload: 'hello',
        _session: { subject: 'ann', tenantId: 'acme', authStatus: 'verified' },
      });
      await peer.close();
    }));

  it('is told null where its token never expires', () =>
    attack({ properties }, async (target) => {
      const peer = await pending(target);
      peer.send(login(token(CLAIMS)));
      should(await peer.nextJson()).eql({ type: 'authenticated', expiresIn: null });
      await peer.close();
    }));

  it('gets nothing that is sent to all', () =>
    attack({ properties: { ...properties, routingScope: 'global' } }, async (target) => {
      const peer = await pending(target);
      should(await target.listener.send({ payload: 'for all' })).equal(undefined);
      should(await target.bystander?.nextText()).equal('for all');
      await peer.drained();
      should(peer.unread).equal(0);
      peer.socket.terminate();
    }));

  it('says it twice before it is answered', () =>
    attack({ properties }, async (target) => {
      const peer = await target.raw(upgradeRequest('/ws'));
      await once(peer, 'data');
      const frame = clientFrame(TEXT, Buffer.from(login(token())));
      peer.write(Buffer.concat([frame, frame]));
      await target.serverSocketClosed();
      should(target.messages).eql([]);
    }));

  it('sends a message in pieces', () =>
    attack({ properties }, async (target) => {
      const peer = await pending(target);
      const text = login(token());
      peer.socket.send(text.slice(0, 20), { fin: false });
      peer.socket.send(text.slice(20), { fin: true });
      should(await peer.nextJson()).match({ type: 'authenticated' });
      await peer.close();
    }));

  for (const [what, frames] of [
    ['a message that is too large', [clientFrame(TEXT, Buffer.alloc(60_000, 'x'))]],
    [
      'fragments without an end',
      Array(2000)
        .fill(clientFrame(BINARY, Buffer.alloc(100), false))
        .map((frame, index) => (index === 0 ? frame : clientFrame(0, Buffer.alloc(100), false))),
    ],
    ['pings without an end', Array(2000).fill(clientFrame(9, Buffer.alloc(100)))],
  ] as [string, Buffer[]][]) {
    it(`sends ${what}`, () =>
      attack({ properties }, async (target) => {
        const peer = await target.raw(upgradeRequest('/ws'));
        await once(peer, 'data');
        peer.resume();
        peer.write(Buffer.concat(frames));
        await target.serverSocketClosed();
        unseen(target);
      }));
  }

  it('is one of 256: others get 503 until one has gone', () =>
    attack({ properties }, async (target) => {
      const peers = await Promise.all(Array.from({ length: 256 }, () => target.raw(upgradeRequest('/ws'))));
      await Promise.all(peers.map((peer) => once(peer, 'data')));
      should(await target.answerTo(upgradeRequest('/ws'))).equal('503 too_many_handshakes');
      should(await target.answerTo(upgradeRequest(`/ws?token=${token()}`))).equal('101');
      for (const peer of peers) peer.resetAndDestroy();
      let answer = '';
      while (answer !== '101') answer = await target.answerTo(upgradeRequest('/ws'));
    }));

  it('has a token elsewhere that is bad, and is refused before', () =>
    attack({ properties }, async (target) => {
      should(await target.answerTo(upgradeRequest('/ws?token=evil'))).equal('401 token_invalid');
      should(await target.answerTo(upgradeRequest('/ws?token='))).equal('401 token_missing');
    }));

  it('is one too many of its tenant, which is known only now', () => {
    const limited = { ...properties, enforceLimits: true, maxConnections: '1' };
    return attack({ properties: limited }, async (target) => {
      const peer = await pending(target);
      peer.send(login(token({ tenant_id: 'bystander' })));
      should(await peer.nextJson()).eql({ type: 'unauthorized', error: 'too_many_connections' });
      should(await peer.closed).eql({ code: 4429, reason: 'too_many_connections' });
    });
  });

  it('is verified while flows are deployed, and stays nobody', () => {
    let release = () => {};
    const middleware: Middleware = (_, next) => {
      release = next;
    };
    return attack({ properties, middleware: [middleware], bystander: null }, async (target) => {
      const peer = await pending(target);
      peer.send(login(token()));
      await peer.drained();
      target.listener.listener.setOwner(false);
      release();
      should((await peer.closed).code).equal(1012);
      target.listener.listener.setOwner(true);
      should(peer.unread).equal(0);
    });
  });

  it('waits for a middleware that never answers', () =>
    attack({ properties, middleware: [() => {}], timeoutMs: 50, bystander: null }, async (target) => {
      const peer = await pending(target);
      peer.send(login(token()));
      should(await peer.nextJson()).eql({ type: 'unauthorized', error: 'handshake_timeout' });
      should(await peer.closed).eql({ code: 1013, reason: 'handshake_timeout' });
    }));

  it('is pinged, and cut off where it does not answer', () =>
    attack({ properties, pingIntervalMs: 30 }, async (target) => {
      const peer = await target.raw(upgradeRequest('/ws'));
      await once(peer, 'data');
      peer.pause();
      await target.serverSocketClosed();
    }));
});
