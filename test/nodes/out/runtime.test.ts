import should from 'should';
import type { SocketClient } from '../../support/core/socket-client.js';
import { SECRET } from '../../support/core/tokens.js';
import { Runtime } from '../../support/runtime/runtime.js';

type Message = Record<string, unknown>;

const AT = { z: 'f', x: 1, y: 1 };
const CREDENTIALS = { l: { jwtSecret: SECRET } };

describe('nodes: out, to fewer than its listener reaches', () => {
  let runtime: Runtime;
  let ann: SocketClient;
  let bob: SocketClient;
  let other: SocketClient;

  afterEach(() => runtime.stop());

  /** An echo; three are connected, two of one tenant. */
  async function start(routingScope: string, out: Message): Promise<void> {
    runtime = await Runtime.start(
      [
        { id: 'f', type: 'tab', label: 'Flow' },
        { id: 'l', type: 'websocket-plus-listener', path: '/ws', routingScope },
        { ...AT, id: 'in', type: 'websocket-plus in', server: 'l', wires: [['out']] },
        { ...AT, id: 'out', type: 'websocket-plus out', server: 'l', wires: [], ...out },
        { ...AT, id: 'caught', type: 'helper', wires: [] },
        { ...AT, id: 'catch', type: 'catch', scope: null, wires: [['caught']] },
      ],
      CREDENTIALS,
    );
    ann = await runtime.connect('/ws', { sub: 'ann', tenant_id: 'acme' });
    bob = await runtime.connect('/ws', { sub: 'bob', tenant_id: 'acme' });
    other = await runtime.connect('/ws', { sub: 'eve', tenant_id: 'other' });
  }

  /** Who gets what ann says; each then gets something else, which comes after it. */
  async function reached(): Promise<string[]> {
    ann.send('hello');
    const ends = [ann, bob, other].map(async (client, index) => {
      await ann.drained();
      await client.drained();
      await client.drained();
      return client.unread === 0 ? [] : [['ann', 'bob', 'eve'][index] as string];
    });
    return (await Promise.all(ends)).flat();
  }

  for (const [routingScope, out, expected] of [
    ['global', {}, ['ann', 'bob', 'eve']],
    ['global', { scope: '', skipSender: false }, ['ann', 'bob', 'eve']],
    ['global', { scope: 'global' }, ['ann', 'bob', 'eve']],
    ['global', { scope: 'tenant' }, ['ann', 'bob']],
    ['global', { scope: 'session' }, ['ann']],
    ['global', { skipSender: true }, ['bob', 'eve']],
    ['global', { scope: 'tenant', skipSender: 'true' }, ['bob']],
    ['tenant', { scope: 'tenant' }, ['ann', 'bob']],
    ['tenant', { scope: 'session' }, ['ann']],
    ['tenant', { skipSender: true }, ['bob']],
    ['session', { skipSender: true }, ['ann']],
    ['session', { scope: 'session' }, ['ann']],
  ] as const) {
    it(`${JSON.stringify(out)} reaches ${expected.join(', ')} where the listener's scope is ${routingScope}`, async () => {
      await start(routingScope, out);
      should(await reached()).eql(expected);
    });
  }

  for (const [routingScope, scope] of [
    ['tenant', 'global'],
    ['session', 'tenant'],
    ['session', 'global'],
  ] as const) {
    it(`must not be ${scope} where the listener's scope is ${routingScope}: it sends nothing`, async () => {
      await start(routingScope, { scope });
      const caught = runtime.messages('caught');
      should(await reached()).eql([]);
      should((await caught()).error).match({ code: 'scope-wider' });
      should(runtime.log).containEql('error errors.scope-wider');
      should(runtime.lastStatus('out')).match({ fill: 'red', text: /status\.scope-wider$/ });
    });
  }

  it('judges a session as ever: a narrower scope believes no tenant that a message names', async () => {
    await start('global', { scope: 'tenant' });
    const caught = runtime.messages('caught');
    runtime.inject('out', { payload: 'x', _session: { type: 'websocket', id: 'made up', tenantId: 'acme' } });
    should((await caught()).error).match({ code: 'send-no-session' });
    runtime.inject('out', { payload: 'x' });
    should((await caught()).error).match({ code: 'send-no-session' });
  });

  it('says that a scope is none', async () => {
    await start('tenant', { scope: 'planet' });
    should(runtime.log).containEql('error errors.scope-unknown');
  });
});
