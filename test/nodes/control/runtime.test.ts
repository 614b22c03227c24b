import { anything, assert, asyncProperty, constantFrom, oneof, record } from 'fast-check';
import should from 'should';
import { SocketClient } from '../../support/core/socket-client.js';
import { SECRET, token } from '../../support/core/tokens.js';
import { type Flow, Runtime } from '../../support/runtime/runtime.js';

type Message = Record<string, unknown>;

const CREDENTIALS = { l: { jwtSecret: SECRET } };
const TAB = { id: 'f', type: 'tab', label: 'Flow' };
const LISTENER = { id: 'l', type: 'websocket-plus-listener', path: '/ws' };
const AT = { z: 'f', x: 1, y: 1 };
const REST: Flow = [
  { ...AT, id: 'h', type: 'helper', wires: [] },
  { ...AT, id: 'caught', type: 'helper', wires: [] },
  { ...AT, id: 'catch', type: 'catch', scope: null, wires: [['caught']] },
  { ...AT, id: 'out', type: 'websocket-plus out', server: 'l', wires: [] },
];

function control(properties: Message = {}): Message {
  return {
    ...AT,
    id: 'c',
    type: 'websocket-plus control',
    server: 'l',
    action: 'msg',
    wires: [['h']],
    ...properties,
  };
}

describe('nodes: control', () => {
  let runtime: Runtime;
  let next: () => Promise<Message>;
  let caught: () => Promise<Message>;
  afterEach(() => runtime.stop());

  async function start(properties: Message = {}, listener: Message = {}): Promise<void> {
    runtime = await Runtime.start(
      [TAB, { ...LISTENER, ...listener }, control(properties), ...REST],
      CREDENTIALS,
    );
    next = runtime.messages('h');
    caught = runtime.messages('caught');
  }

  function ask(action: string, payload?: unknown, more: Message = {}): Promise<Message> {
    runtime.inject('c', { action, ...(payload === undefined ? {} : { payload }), ...more });
    return next();
  }

  it('lists, counts and disconnects, and leaves everything else of a message as it is', async () => {
    await start();
    const ann = await runtime.connect('/ws', { sub: 'ann', tenant_id: 'acme' });
    const listed = await ask('list', undefined, { topic: 'kept', req: { a: 1 } });
    should(listed).match({ topic: 'kept', req: { a: 1 }, action: 'list' });
    const [row] = listed.payload as { session: { id: string } }[];
    should(row).match({
      session: { subject: 'ann', tenantId: 'acme' },
      address: '127.0.0.1',
      expiresAt: null,
    });
    should((await ask('count', {})).payload).eql({ connections: 1, tenants: 1 });
    should((await ask('disconnect', row?.session.id)).payload).eql({ disconnected: 1 });
    should(await ann.closed).eql({ code: 4403, reason: 'disconnected' });
  });

  it('revokes, lists what is revoked, and restores', async () => {
    await start();
    const before = Date.now();
    const ann = await runtime.connect('/ws');
    const { disconnected, until } = (await ask('revoke', { subject: 'ann', seconds: 60 })).payload as Message;
    should(disconnected).equal(1);
    should(until).be.within(before + 60_000, Date.now() + 60_000);
    should((await ann.closed).code).equal(4401);
    should((await runtime.refused('/ws', token())).body).equal('{"error":"token_revoked"}');
    should((await ask('revocations')).payload).match([{ subject: 'ann', until }]);
    should((await ask('restore', { subject: 'ann' })).payload).eql({ restored: 1 });
    await (await runtime.connect('/ws')).close();
  });

  it('keeps what is revoked through a deploy', async () => {
    await start();
    await ask('revoke', { subject: 'ann' });
    const flow = [TAB, { ...LISTENER, name: 'changed' }, control(), ...REST];
    await runtime.deploy(flow, 'full', CREDENTIALS);
    should((await runtime.refused('/ws', token())).body).equal('{"error":"token_revoked"}');
    next = runtime.messages('h');
    should((await ask('revocations')).payload).match([{ subject: 'ann' }]);
  });

  it('addresses a tenant that ws.out+ then reaches, and leaves the payload', async () => {
    await start({ action: 'address', wires: [['h', 'out']] });
    const ann = await runtime.connect('/ws');
    const other = await runtime.connect('/ws', { sub: 'eve', tenant_id: 'other' });
    should(await ask('', { tenantId: 'acme' })).match({
      payload: { tenantId: 'acme' },
      _session: { type: 'websocket', tenantId: 'acme' },
    });
    should(await ann.nextJson()).eql({ tenantId: 'acme' });
    await other.drained();
    should(other.unread).equal(0);
    await Promise.all([ann.close(), other.close()]);
  });

  it('takes its own action, whatever a message asks for', async () => {
    await start({ action: 'count' });
    should((await ask('disconnect', {})).payload).eql({ connections: 0, tenants: 0 });
  });

  for (const [what, message, code] of [
    ['an action that there is not', { action: 'explode', payload: {} }, 'control-action'],
    ['no action', { payload: {} }, 'control-action'],
    ['nobody', { action: 'disconnect', payload: {} }, 'control-nobody'],
    ['a member that there is not', { action: 'disconnect', payload: { everybody: true } }, 'control-member'],
    ['a page after nobody', { action: 'list', payload: { after: 'elsewhere' } }, 'control-after'],
    ['what only a client does', { action: 'connect' }, 'control-unsupported'],
  ] as const) {
    it(`gives ${what} to Catch, and does nothing`, async () => {
      await start();
      const client = await runtime.connect('/ws');
      runtime.inject('c', message);
      should((await caught()).error).match({ code, source: { id: 'c' } });
      should((await ask('count', {})).payload).eql({ connections: 1, tenants: 1 });
      await client.close();
    });
  }

  it('answers each message once, whatever it holds', async () => {
    const both = REST.map((node) => (node.id === 'catch' ? { ...node, wires: [['h']] } : node));
    runtime = await Runtime.start([TAB, LISTENER, control(), ...both], CREDENTIALS);
    next = runtime.messages('h');
    const client = await runtime.connect('/ws');
    const action = oneof(
      constantFrom(
        'list',
        'count',
        'disconnect',
        'revoke',
        'restore',
        'revocations',
        'address',
        'connect',
        'close',
      ),
      anything(),
    );
    const harmless = oneof(anything(), record({ session: anything(), tenantId: anything(), x: anything() }));
    await assert(
      asyncProperty(action, harmless, async (name, payload) => {
        runtime.inject('c', { action: name, payload });
        await next();
        runtime.inject('c', { action: 'count', payload: {} });
        should((await next()).payload).match({ connections: 1 });
      }),
      { numRuns: 200 },
    );
    await client.close();
  });

  it('says what is wrong with its listener, to Catch', async () => {
    await start({}, { path: '' });
    runtime.inject('c', { action: 'count', payload: {} });
    should((await caught()).error).match({ code: 'path-missing' });
  });

  it('says that it has no listener, and gives its messages to Catch', async () => {
    await start({ server: '' });
    runtime.inject('c', { action: 'count', payload: {} });
    should((await caught()).error).match({ code: 'config-missing' });
    should(runtime.lastStatus('c')).match({ fill: 'red', shape: 'ring' });
  });

  it('must have an action that there is', async () => {
    await start({ action: 'explode' });
    should(runtime.log).containEql('error errors.action-unknown');
    runtime.inject('c', { payload: {} });
    should((await caught()).error).match({ code: 'action-unknown' });
  });

  it('revokes nothing where no tokens are looked at', async () => {
    await start({}, { jwtValidation: 'none' });
    const client = await SocketClient.open(runtime.url('/ws'));
    runtime.inject('c', { action: 'revoke', payload: { subject: 'ann' } });
    should((await caught()).error).match({ code: 'control-unsupported' });
    await client.close();
  });
});
