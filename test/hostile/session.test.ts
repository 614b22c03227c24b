import should from 'should';
import { ListenerServer } from '../support/core/listener-server.js';
import { attack } from '../support/hostile/target.js';

interface Sessions {
  /** Of a peer of `acme` that is connected. */
  readonly own: Record<string, unknown>;
  /** Of a peer of `acme` that has gone. */
  readonly closed: Record<string, unknown>;
  /** Of a peer of `acme` that is connected to another listener. */
  readonly elsewhere: Record<string, unknown>;
}

/** What a flow may be made to send: its fields, and who gets it. Nobody of another tenant ever does. */
const FORGED: [string, (sessions: Sessions) => Record<string, unknown>, 'acme' | 'error'][] = [
  ['a live session', ({ own }) => ({ _session: own }), 'acme'],
  ['a closed session', ({ closed }) => ({ _session: closed }), 'acme'],
  ['a session of another listener', ({ elsewhere }) => ({ _session: elsewhere }), 'acme'],
  [
    'a live session, its tenant changed',
    ({ own }) => ({ _session: { ...own, tenantId: 'bystander' } }),
    'acme',
  ],
  ['a live session, its tenant taken out', ({ own }) => ({ _session: { id: own.id } }), 'acme'],
  [
    'a closed session, its tenant changed',
    ({ closed }) => ({ _session: { ...closed, tenantId: 'bystander' } }),
    'error',
  ],
  [
    'a closed session, its tenant null',
    ({ closed }) => ({ _session: { ...closed, tenantId: null } }),
    'error',
  ],
  [
    'a closed session, its tenant in a list',
    ({ closed }) => ({ _session: { ...closed, tenantId: ['acme'] } }),
    'error',
  ],
  ['a closed session without its tenant', ({ closed }) => ({ _session: { id: closed.id } }), 'error'],
  [
    'a session of another listener, its tenant changed',
    ({ elsewhere }) => ({ _session: { ...elsewhere, tenantId: 'bystander' } }),
    'error',
  ],
  [
    'a session whose tenant changes while it is read',
    ({ closed }) => {
      let reads = 0;
      return {
        _session: {
          id: closed.id,
          get tenantId() {
            reads += 1;
            return reads === 1 ? 'acme' : 'bystander';
          },
        },
      };
    },
    'acme',
  ],
  ['a tenant and no session', () => ({ _session: { tenantId: 'bystander' } }), 'error'],
  ['no session', () => ({}), 'error'],
  ['an empty session', () => ({ _session: {} }), 'error'],
  ['a text for a session', () => ({ _session: 'bystander' }), 'error'],
  ['an id nobody issued', () => ({ _session: { id: 'A'.repeat(43), tenantId: 'bystander' } }), 'error'],
  ['an id named as the prototype', () => ({ _session: { id: '__proto__', tenantId: 'bystander' } }), 'error'],
  [
    'an id that is an object',
    ({ own }) => ({ _session: { id: { toString: () => own.id }, tenantId: 'bystander' } }),
    'error',
  ],
  ['an inherited session', ({ own }) => Object.create({ _session: own }) as Record<string, unknown>, 'acme'],
  [
    'an id with a bit changed',
    ({ own }) => ({ _session: { ...own, id: flipped(String(own.id)), tenantId: 'bystander' } }),
    'error',
  ],
  ['an id spelled otherwise', ({ own }) => ({ _session: { ...own, id: `${own.id}=` } }), 'error'],
  ['another scope in the session', ({ own }) => ({ _session: { ...own, routingScope: 'global' } }), 'acme'],
  [
    'another scope beside the session',
    ({ own }) => ({
      _session: own,
      routingScope: 'global',
      scope: 'global',
      tenantId: 'bystander',
      broadcast: true,
    }),
    'acme',
  ],
  [
    'the session of a client',
    ({ own }) => ({ _session: { type: 'websocket', id: `${own.id}`.slice(1), authStatus: 'none' } }),
    'error',
  ],
];

function flipped(id: string): string {
  return (id.startsWith('A') ? 'B' : 'A') + id.slice(1);
}

describe('hostile: sessions that were tampered with', () => {
  let other: ListenerServer;
  beforeEach(async () => {
    other = await ListenerServer.start();
  });
  afterEach(() => other.stop());

  for (const [what, make, outcome] of FORGED) {
    const who = outcome === 'acme' ? 'the tenant it was issued to' : 'nobody';
    it(`reaches ${who} with ${what}`, () =>
      attack({}, async (target) => {
        const [peer, leaver, foreign] = [await target.open(), await target.open(), await other.connect()];
        const session = async (of: ListenerServer, client: typeof peer) =>
          (await of.messageFrom(client))._session as Record<string, unknown>;
        const sessions = {
          own: await session(target.listener, peer),
          closed: await session(target.listener, leaver),
          elsewhere: await session(other, foreign),
        };
        const gone = target.listener.next('disconnect');
        await leaver.close();
        await gone;
        const error = await target.listener.send(Object.assign(make(sessions), { payload: 'evil' }));
        should(error === undefined ? 'acme' : 'error').equal(outcome);
        await Promise.all([peer.drained(), foreign.drained()]);
        should(peer.unread).equal(outcome === 'acme' ? 1 : 0);
        should(foreign.unread).equal(0);
        foreign.socket.terminate();
      }));
  }
});
