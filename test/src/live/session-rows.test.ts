import should from 'should';
import { type SessionQuery, type ShownListener, sessionPage } from '../../../src/live/session-rows.js';
import { Connection } from '../../../src/sessions/connection.js';
import { anonymousIdentity, verifiedIdentity } from '../../../src/token/identity.js';
import { ListenerServer } from '../../support/core/listener-server.js';
import { CLAIMS } from '../../support/core/tokens.js';

const ANY: SessionQuery = { q: undefined, tenantId: undefined, subject: undefined, after: undefined };

/** A listener with connections that no socket belongs to: nothing here writes to one. */
function listener(
  id: string,
  who: readonly (readonly [tenant: string | null, subject: string])[],
): ShownListener {
  const socket = { extensions: '', bufferedAmount: 0, on() {} };
  const connections = who.map(([tenantId, sub], index) => {
    const identity = tenantId === null ? anonymousIdentity(null) : verifiedIdentity({ sub }, tenantId);
    const peer = {
      id: `${id}${index}`,
      identity,
      scope: 'session',
      address: `192.0.2.${index % 250}`,
    } as const;
    return new Connection(socket as never, socket as never, peer, 1);
  });
  return {
    id,
    all: () => connections,
    ofTenant: (tenantId) => connections.filter(({ identity }) => identity.tenantId === tenantId),
    expiryOf: () => Number.POSITIVE_INFINITY,
  };
}

function subjects(listeners: readonly ShownListener[], query: Partial<SessionQuery> = {}): (string | null)[] {
  return sessionPage(listeners, { ...ANY, ...query }).rows.map(({ subject }) => subject);
}

describe('src/live/session-rows', () => {
  const people = [
    ['acme', 'ann'],
    ['globex', 'bob'],
    [null, ''],
    ['acme', 'Carla'],
  ] as const;

  it('shows the newest first', () => {
    should(subjects([listener('l', people)])).eql(['Carla', null, 'bob', 'ann']);
  });

  it('searches in subject, tenant and address, whatever their case', () => {
    const listeners = [listener('l', people)];
    should(subjects(listeners, { q: 'CARL' })).eql(['Carla']);
    should(subjects(listeners, { q: 'Glob' })).eql(['bob']);
    should(subjects(listeners, { q: '0.2.0' })).eql(['ann']);
    should(subjects(listeners, { q: 'nobody' })).eql([]);
  });

  it('shows one tenant, those without one, or one subject', () => {
    const listeners = [listener('l', people)];
    should(subjects(listeners, { tenantId: 'acme' })).eql(['Carla', 'ann']);
    should(subjects(listeners, { tenantId: null })).eql([null]);
    should(subjects(listeners, { subject: 'ann' })).eql(['ann']);
    should(subjects(listeners, { subject: 'an' })).eql([]);
  });

  it('shows several listeners as one', () => {
    const first = listener('a', [['acme', 'old']]);
    const second = listener('b', [['acme', 'new']]);
    const { rows } = sessionPage([second, first], ANY);
    should(rows.map(({ subject, listener: id }) => [subject, id])).eql([
      ['new', 'b'],
      ['old', 'a'],
    ]);
  });

  it('gives 200 rows at a time, each once, and says how many there are', () => {
    const many = ['a', 'b', 'c'].map((id) =>
      listener(
        id,
        Array.from({ length: 150 }, (_none, index) => ['acme', `${id}${index}`] as const),
      ),
    );
    const pages: (string | null)[][] = [];
    let after: number | undefined;
    for (let next: number | null = 0; next !== null; after = next ?? undefined) {
      const page = sessionPage(many, { ...ANY, after });
      pages.push(page.rows.map(({ subject }) => subject));
      should(page.total).equal(450);
      next = page.next;
    }
    should(pages.map(({ length }) => length)).eql([200, 200, 50]);
    const newestFirst = ['c', 'b', 'a'].flatMap((id) =>
      Array.from({ length: 150 }, (_none, index) => `${id}${149 - index}`),
    );
    should(pages.flat()).eql(newestFirst);
  });

  it('tells what was verified, and no session id', async () => {
    const server = await ListenerServer.start();
    const client = await server.connect({
      ...CLAIMS,
      sub: 'ann',
      tenant_id: 'acme',
      email: 'ann@example.com',
    });
    const { _session } = await server.messageFrom(client, 'hello');
    const { connected } = server.listener;
    const shown: ShownListener = {
      id: 'l',
      all: () => connected.all(),
      ofTenant: (tenantId) => connected.ofTenant(tenantId),
      expiryOf: () => 1234,
    };
    const { rows } = sessionPage([shown], ANY);
    await client.close();
    await server.stop();
    should(rows).match([
      {
        listener: 'l',
        tenantId: 'acme',
        subject: 'ann',
        expiresAt: 1234,
        address: '127.0.0.1',
        received: { messages: 1, bytes: 5 },
        sent: { messages: 0, bytes: 0 },
        unsent: 0,
      },
    ]);
    const text = JSON.stringify(rows);
    should(text).not.containEql((_session as { id: string }).id);
    should(text).not.containEql('example.com');
  });

  it('finds its rows among 10,000 within 20 ms', () => {
    const crowd = [
      listener(
        'l',
        Array.from({ length: 10_000 }, (_none, index) => [`t${index % 100}`, `s${index}`] as const),
      ),
    ];
    const took = [1, 2, 3, 4, 5].map(() => {
      const startedMs = performance.now();
      sessionPage(crowd, { ...ANY, q: 's99' });
      return performance.now() - startedMs;
    });
    should(Math.min(...took)).be.below(20);
  });
});
