import { once } from 'node:events';
import should from 'should';
import type { VerifyClient } from '../../src/handshake/verify-client.js';
import { clientFrame, upgradeRequest } from '../support/core/raw-client.js';
import { CLAIMS, OTHER_SECRET, token } from '../support/core/tokens.js';
import { attack, type Target } from '../support/hostile/target.js';

const JWT = token();
const UPGRADE = upgradeRequest(`/ws?token=${JWT}`);
const ENFORCED = { enforceLimits: true };

function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

/** How often each answer was given. */
function tally(answers: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1;
  return counts;
}

/** How a connection dies. Each gives back the place that it held. */
const DEATHS: [string, (target: Target) => Promise<unknown>][] = [
  ['closes', async (target) => (await target.open()).close()],
  ['is cut off with an RST', async (target) => (await target.rawPeer()).resetAndDestroy()],
  ['says goodbye with a FIN', async (target) => (await target.rawPeer()).end()],
  ['breaks the protocol', (target) => target.endAfter(Buffer.from([0xff, 0xff]))],
  ['says too much at once', (target) => target.endAfter(clientFrame(1, Buffer.alloc(2000)))],
  [
    'says too much in a second',
    (target) => target.endAfter(Buffer.concat(times(9, () => clientFrame(1, Buffer.from('x'))))),
  ],
  [
    'has an expired token',
    async (target) => (await target.open(token({ ...CLAIMS, exp: Date.now() / 1000 + 1 }))).closed,
  ],
  ['does not answer pings', (target) => target.rawPeer()],
  [
    'does not read',
    async (target) => {
      const peer = await target.rawPeer();
      const message = target.listener.message();
      peer.write(clientFrame(1, Buffer.from('x')));
      peer.pause();
      const { _session } = await message;
      for (let i = 0; i < 80; i += 1) await target.listener.send({ payload: Buffer.alloc(60_000), _session });
    },
  ],
];

describe('hostile: load', () => {
  for (const [how, die] of DEATHS) {
    it(`frees the tenant's place when a peer ${how}`, () => {
      const properties = { ...ENFORCED, maxConnections: '1', maxPayload: '1000', rateLimit: '5' };
      return attack({ properties, pingIntervalMs: 250, maxBufferedBytes: 65_536 }, async (target) => {
        const first = target.listener.next('connect');
        const gone = target.listener.next('disconnect');
        await Promise.all([die(target), first]);
        await gone;
        should(await target.answerTo(UPGRADE)).equal('101');
      });
    });
  }

  it('admits as many as a tenant may have, of a hundred simultaneous handshakes', () =>
    attack({ properties: { ...ENFORCED, maxConnections: '10' } }, async (target) => {
      const sockets = await Promise.all(times(100, () => target.raw(UPGRADE)));
      const answers = await Promise.all(sockets.map(async (socket) => String(await once(socket, 'data'))));
      should(tally(answers.map((answer) => answer.slice(9, 12)))).eql({ 101: 10, 429: 90 });
      should(await target.answerToToken(token({ tenant_id: 'other' }))).equal('101');
    }));

  it('counts each tenant by itself, also those named alike', () =>
    attack({ properties: { ...ENFORCED, maxConnections: '1' } }, async (target) => {
      for (const name of ['__proto__', 'a', 'a\0', 'A', 'null'])
        await target.open(token({ tenant_id: name }));
      should(await target.answerToToken(token({ tenant_id: 'a' }))).equal('429 too_many_connections');
      should(await target.answerToToken(token({ tenant_id: '__proto__' }))).equal('429 too_many_connections');
    }));

  it('lets nobody in where none may be connected', () =>
    attack({ properties: { ...ENFORCED, maxConnections: '0' }, bystander: null }, async (target) => {
      should(await target.answerTo(UPGRADE)).equal('429 too_many_connections');
    }));

  it('refuses five hundred bad tokens, as many at once as may wait, each with its answer', () =>
    attack({}, async (target) => {
      const jwt = token(CLAIMS, { secret: OTHER_SECRET });
      for (let round = 0; round < 2; round += 1) {
        const answers = await Promise.all(times(250, () => target.answerToToken(jwt)));
        should(tally(answers)).eql({ '401 token_invalid': 250 });
      }
    }));

  it('lets 256 wait and answers 503 to all others, who do not wait', () => {
    const waiting: ((yes: boolean) => void)[] = [];
    let held = false;
    let all = () => {};
    const verifyClient: VerifyClient = (_info, answer) => {
      if (!held) answer(true);
      else if (waiting.push(answer) === 256) all();
    };
    return attack({ verifyClient, timeoutMs: 10_000, bystander: JWT }, async (target) => {
      held = true;
      const full = new Promise<void>((resolve) => {
        all = resolve;
      });
      const first = times(256, () => target.answerTo(UPGRADE));
      await full;
      const others = await Promise.all(times(100, () => target.answerTo(UPGRADE)));
      should(tally(others)).eql({ '503 too_many_handshakes': 100 });
      held = false;
      for (const answer of waiting) answer(true);
      should(tally(await Promise.all(first))).eql({ 101: 256 });
    });
  });

  it('forgets three hundred peers that are cut off while they are looked at', () => {
    let held = false;
    const verifyClient: VerifyClient = (_info, answer) => {
      if (!held) answer(true);
    };
    return attack({ verifyClient, timeoutMs: 10_000, bystander: JWT }, async (target) => {
      held = true;
      for (let round = 0; round < 3; round += 1) {
        const come = target.upgrades(100);
        const sockets = await Promise.all(times(100, () => target.raw(UPGRADE)));
        await come;
        for (const socket of sockets) socket.resetAndDestroy();
        await target.serverSocketClosed();
      }
      held = false;
      should(await target.answerTo(UPGRADE)).equal('101');
    });
  });

  it('is where it was after five hundred peers that come, talk and go, each in its own way', () =>
    attack({}, async (target) => {
      for (let round = 0; round < 10; round += 1) {
        await Promise.all(
          times(50, async (i) => {
            const peer = await target.rawPeer(token({ tenant_id: `tenant-${i}` }));
            peer.write(clientFrame(1, Buffer.from(String(i))));
            if (i % 3 === 0) peer.resetAndDestroy();
            else if (i % 3 === 1) peer.end();
            else peer.write(clientFrame(8, Buffer.alloc(0)));
          }),
        );
      }
    }));

  it('answers each of a hundred that talk at once, in its order, and nobody else', () =>
    attack({ properties: { routingScope: 'session' }, bystander: null }, async (target) => {
      const { listener } = target.listener;
      listener.attach(({ payload, _session }) => listener.send({ payload, _session }, () => {}));
      const peers = await Promise.all(times(100, (i) => target.open(token({ tenant_id: `t${i % 3}` }))));
      await Promise.all(
        peers.map(async (peer, i) => {
          for (let n = 0; n < 50; n += 1) peer.send(`${i} ${n}`);
          for (let n = 0; n < 50; n += 1) should(await peer.nextText()).equal(`${i} ${n}`);
        }),
      );
      should(peers.map(({ unread }) => unread)).eql(Array(100).fill(0));
    }));

  it('keeps the connections of a tenant that a flood makes it answer, and those of others in time', () =>
    attack({}, async (target) => {
      const { listener } = target.listener;
      const stop = listener.attach(({ payload, _session }) => listener.send({ payload, _session }, () => {}));
      const peers = await Promise.all(times(30, () => target.rawPeer()));
      const [one] = peers;
      one?.write(Buffer.concat(times(3000, () => clientFrame(1, Buffer.from('flood')))));
      const other = await target.open(token({ tenant_id: 'other' }));
      other.send('in time');
      should(await other.nextText()).equal('in time');
      should(peers.every((peer) => !peer.destroyed)).equal(true);
      stop();
    }));
});
