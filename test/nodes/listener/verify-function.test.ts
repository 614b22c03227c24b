import should from 'should';
import { setEnvironment } from '../../support/core/environment.js';
import { SocketClient } from '../../support/core/socket-client.js';
import { SECRET } from '../../support/core/tokens.js';
import { Runtime } from '../../support/runtime/runtime.js';

const LISTENER = {
  id: 'l',
  type: 'websocket-plus-listener',
  path: '/ws',
  jwtValidation: 'function',
  verifyFunction: 'own',
};
const FLOW = [
  { id: 'f', type: 'tab' },
  { id: 'out', z: 'f', type: 'websocket-plus out', server: 'l', wires: [] },
];

describe('nodes: a listener that asks a function of settings.js', () => {
  let runtime: Runtime;
  let restoreEnvironment: () => void;
  beforeEach(() => {
    restoreEnvironment = setEnvironment();
  });
  afterEach(async () => {
    await runtime.stop();
    restoreEnvironment();
  });

  function start(settings: Record<string, unknown>): Promise<Runtime> {
    return Runtime.start([...FLOW, LISTENER], {}, settings);
  }

  it('lets in whom it knows, and keeps what peers show out of the log', async () => {
    const own = async ({ token }: { token?: string }) => (token === SECRET ? { tenantId: 'acme' } : null);
    runtime = await start({ websocketPlusVerify: { own } });
    const client = await SocketClient.open(runtime.url('/ws', encodeURIComponent(SECRET)));
    await client.close();
    const { status, body } = await runtime.refused('/ws', encodeURIComponent(`${SECRET}!`));
    should([status, body]).eql([401, '{"error":"token_invalid"}']);
    should(runtime.wholeLog).containEql('warn.refused');
    should(runtime.wholeLog).not.containEql(SECRET);
  });

  it('keeps what it throws out of the log', async () => {
    const own = () => {
      throw new Error(SECRET);
    };
    runtime = await start({ websocketPlusVerify: { own } });
    should((await runtime.refused('/ws', 'opaque')).status).equal(500);
    should(runtime.wholeLog).not.containEql(SECRET);
  });

  for (const [what, settings] of [
    ['settings.js names no functions', {}],
    ['it is another', { websocketPlusVerify: { other: () => ({ tenantId: 'acme' }) } }],
    ['it is none', { websocketPlusVerify: { own: 'evil' } }],
    ['something else stands in their place', { websocketPlusVerify: 'own' }],
  ] as const) {
    it(`serves nobody and says so once where ${what}`, async () => {
      runtime = await start(settings);
      should((await runtime.refused('/ws', 'opaque')).status).equal(503);
      should(runtime.log.filter((line) => line.includes('errors.verify-function')).length).equal(1);
      should(runtime.lastStatus('out')?.fill).equal('red');
    });
  }
});
