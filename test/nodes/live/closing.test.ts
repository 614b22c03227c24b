import should from 'should';
import { closeThem } from '../../../nodes/live/closing.js';
import type { ShownEntry } from '../../../nodes/live/shown-entries.js';
import { Broker } from '../../support/cluster/broker.js';
import { Instance, PATIENT } from '../../support/cluster/instance.js';
import { SocketClient } from '../../support/core/socket-client.js';
import { seconds, token } from '../../support/core/tokens.js';

const ANN = { sub: 'ann', tenant_id: 'acme', jti: 'of ann' };

describe('nodes: live, closing in a cluster', () => {
  let broker: Broker;
  let a: Instance;
  let b: Instance;

  /** What the live view of an instance shows. */
  function shown({ server: { listener } }: Instance): ShownEntry[] {
    return [
      {
        id: 'listener',
        listener,
        all: () => listener.connected.all(),
        ofTenant: (tenantId) => listener.connected.ofTenant(tenantId),
        expiryOf: () => Number.POSITIVE_INFINITY,
      },
    ];
  }

  beforeEach(async () => {
    broker = await Broker.start();
    a = await Instance.start(broker.settings, { timing: PATIENT });
    b = await Instance.start(broker.settings, { timing: PATIENT });
    for (const instance of [a, b]) await instance.reach('up');
    for (const instance of [a, b]) await instance.knows(1);
  });
  afterEach(async () => {
    await a.stop();
    await b.stop();
    await broker.stop();
  });

  it('closes of a tenant or a subject the connections that it shows and has asked about, and no others', async () => {
    const here = await a.server.connect(ANN);
    const there = await b.server.connect(ANN);
    should(await closeThem(shown(a), { kind: 'tenant', tenantId: 'acme' }, false)).equal(1);
    should((await here.closed).code).equal(4403);
    const again = await a.server.connect(ANN);
    should(await closeThem(shown(a), { kind: 'subject', subject: 'ann' }, false)).equal(1);
    should((await again.closed).code).equal(4403);
    should(await b.server.messageFrom(there)).match({ payload: 'hello' });
  });

  it('blocks a token on all instances: its peer would go to another one', async () => {
    const here = await a.server.connect(ANN);
    const [connection] = a.server.listener.connected.all();
    if (connection === undefined) throw new Error('nobody is there');
    should(await closeThem(shown(a), { kind: 'ref', ref: connection.number }, true)).equal(1);
    should((await here.closed).code).equal(4401);
    for (const { server } of [a, b]) {
      should((await SocketClient.refused(server.url(token(ANN)))).body).equal('{"error":"token_revoked"}');
    }
  });

  it('blocks nobody of another tenant whose token has the same jti', async () => {
    await a.server.connect(ANN);
    const [connection] = a.server.listener.connected.all();
    if (connection === undefined) throw new Error('nobody is there');
    const namesake = { ...ANN, tenant_id: 'globex' };
    const other = await a.server.connect(namesake);
    should(await closeThem(shown(a), { kind: 'ref', ref: connection.number }, true)).equal(1);
    should(await a.server.messageFrom(other)).match({ payload: 'hello' });
    await b.server.connect(namesake);
  });

  it('blocks a token for as long as any tolerance for clocks lets it in', async () => {
    const exp = seconds(60);
    await a.server.connect({ ...ANN, exp });
    const [connection] = a.server.listener.connected.all();
    if (connection === undefined) throw new Error('nobody is there');
    await closeThem(shown(a), { kind: 'ref', ref: connection.number }, true);
    const [{ until }] = (await a.control('revocations')).payload as [{ until: number }];
    should(until).be.aboveOrEqual((exp + 300) * 1000);
  });
});
