import { once } from 'node:events';
import should from 'should';
import { clientFrame } from '../support/core/raw-client.js';
import { CLAIMS, token } from '../support/core/tokens.js';
import { attack, type Target } from '../support/hostile/target.js';

/** What a peer does that is connected, and how that ends. */
const BEHAVIOURS: [string, Parameters<typeof attack>[0], (target: Target) => Promise<unknown>, unknown][] = [
  [
    'closes with 4429 on a peer that says too much, and delivers what was within its rate',
    { properties: { enforceLimits: true, rateLimit: '5' } },
    async (target) => {
      const end = await target.endAfter(Buffer.concat(Array(1000).fill(clientFrame(1, Buffer.from('x')))));
      return [end, target.messages.length];
    },
    [4429, 5],
  ],
  [
    'closes with 4429 on the second message in a second, at a rate of one in ten seconds',
    { properties: { enforceLimits: true, rateLimit: '0.1' } },
    async (target) => {
      const end = await target.endAfter(Buffer.concat(Array(2).fill(clientFrame(1, Buffer.from('x')))));
      return [end, target.messages.length];
    },
    [4429, 1],
  ],
  [
    'counts a message in a thousand fragments once',
    { properties: { enforceLimits: true, rateLimit: '1' } },
    async (target) => {
      const peer = await target.rawPeer();
      const part = clientFrame(0, Buffer.from('x'), false);
      const message = target.listener.message();
      peer.write(
        Buffer.concat([
          clientFrame(1, Buffer.from('x'), false),
          ...Array(998).fill(part),
          clientFrame(0, Buffer.from('x')),
        ]),
      );
      return String((await message).payload).length;
    },
    1000,
  ],
  [
    'cuts off a peer that pings without reading the pongs',
    {},
    async (target) => {
      const peer = await target.rawPeer();
      peer.pause();
      const pings = Buffer.concat(Array(500).fill(clientFrame(9, Buffer.alloc(125))));
      const gone = target.listener.next('disconnect');
      let open = true;
      void gone.then(() => {
        open = false;
      });
      // the reset may be seen before the room
      const room = () =>
        new Promise<void>((resolve) => peer.once('drain', resolve).once('close', () => resolve()));
      while (open && !peer.destroyed) if (!peer.write(pings)) await Promise.race([room(), gone]);
      return (await gone).kind;
    },
    'disconnect',
  ],
  [
    'cuts off a peer that never answers a ping',
    { pingIntervalMs: 30 },
    async (target) => {
      const gone = target.listener.next('disconnect');
      await target.rawPeer();
      return (await gone).kind;
    },
    'disconnect',
  ],
  [
    'keeps a peer that answers pings nobody sent, and is not confused by it',
    { pingIntervalMs: 60 },
    async (target) => {
      const peer = await target.rawPeer();
      peer.write(Buffer.concat(Array(1000).fill(clientFrame(10, Buffer.from('evil')))));
      const message = target.listener.message();
      peer.write(clientFrame(1, Buffer.from('still there')));
      return (await message).payload;
    },
    'still there',
  ],
  [
    'closes with 1013 on a peer that does not read, and cuts it off when it does not answer',
    { maxBufferedBytes: 256 * 1024 },
    async (target) => {
      const peer = await target.rawPeer();
      const [message] = await Promise.all([
        target.listener.message(),
        new Promise<void>((resolve) => peer.write(clientFrame(1, Buffer.from('x')), () => resolve())),
      ]);
      peer.pause();
      const gone = target.listener.next('disconnect');
      let open = true;
      void gone.then(() => {
        open = false;
      });
      for (let i = 0; open && i < 500; i += 1) {
        should(await target.listener.send({ ...message, payload: 'x'.repeat(100_000) })).equal(undefined);
        await new Promise((resolve) => setImmediate(resolve));
      }
      return (await gone).kind;
    },
    'disconnect',
  ],
  [
    'cuts off a peer that never answers a close frame, and delivers nothing that it still says',
    { properties: { timeout: '0.05' }, bystander: null },
    async (target) => {
      const peer = await target.rawPeer();
      const gone = target.listener.next('disconnect');
      await once(peer, 'data'); // the close frame
      for (let i = 0; i < 20; i += 1) peer.write(clientFrame(1, Buffer.from('late')));
      await gone;
      return target.messages;
    },
    [],
  ],
  [
    'delivers nothing more of a peer that has said goodbye',
    {},
    async (target) => {
      const goodbye = clientFrame(8, Buffer.from([3, 232]));
      const end = await target.endAfter(Buffer.concat([goodbye, clientFrame(1, Buffer.from('late'))]));
      return [end, target.messages];
    },
    [1000, []],
  ],
  [
    'closes with 4401 a peer whose token expires while it talks',
    {},
    async (target) => {
      const client = await target.open(token({ ...CLAIMS, exp: Date.now() / 1000 + 1 }));
      client.socket.on('pong', () => client.socket.ping());
      client.socket.ping();
      return client.closed;
    },
    { code: 4401, reason: 'token expired' },
  ],
  [
    'closes with 4408 a peer that may stay no longer, however often it answers',
    { properties: { timeout: '0.2' }, bystander: null },
    async (target) => (await target.open()).closed,
    { code: 4408, reason: 'session timeout' },
  ],
  [
    'lets the same token in twice, in sessions of their own',
    {},
    async (target) => {
      const jwt = token();
      const [one, two] = [await target.open(jwt), await target.open(jwt)];
      const sessions = [await target.listener.messageFrom(one), await target.listener.messageFrom(two)];
      return new Set(sessions.map(({ _session }) => (_session as { id: string }).id)).size;
    },
    2,
  ],
  [
    'gives a session that no flow can spoil for the next message',
    {},
    async (target) => {
      const client = await target.open();
      const first = (await target.listener.messageFrom(client))._session as Record<string, unknown>;
      Object.assign(first, { tenantId: 'bystander', id: 'x', subject: 'evil' });
      const { id, ...next } = (await target.listener.messageFrom(client))._session as Record<string, unknown>;
      return next;
    },
    { type: 'websocket', tenantId: 'acme', subject: 'ann', authStatus: 'verified', routingScope: 'tenant' },
  ],
  [
    'goes on when every receiver throws at every message',
    {},
    async (target) => {
      const stop = target.listener.listener.attach(() => {
        throw new Error('broken');
      });
      const client = await target.open();
      for (let i = 0; i < 20; i += 1) await target.listener.messageFrom(client);
      stop();
      return target.listener.receiverErrors.length;
    },
    20,
  ],
];

describe('hostile: connected peers', () => {
  for (const [rule, options, perform, outcome] of BEHAVIOURS) {
    it(rule, () =>
      attack(options, async (target) => {
        should(await perform(target)).eql(outcome);
      }),
    );
  }
});
