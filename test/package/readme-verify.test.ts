import { runInNewContext } from 'node:vm';
import should from 'should';
import type { VerifyFunctions } from '../../src/handshake/verify-function.js';
import { ListenerServer } from '../support/core/listener-server.js';
import { SocketClient } from '../support/core/socket-client.js';
import { seconds } from '../support/core/tokens.js';
import { fences } from '../support/docs/fences.js';

/** The `websocketPlusVerify` that README shows, in a world of its own. */
function shown(world: Record<string, unknown>): VerifyFunctions {
  const [code = ''] = fences('README.md', 'js').filter((block) => block.includes('websocketPlusVerify'));
  const env = { INTROSPECTION_CLIENT: 'node-red:secret' };
  const context = { AbortSignal, btoa, Buffer, process: { env }, URLSearchParams, ...world };
  return runInNewContext(`({${code}})`, context).websocketPlusVerify;
}

describe('README.md, "Any other proof": a listener lets in', () => {
  let server: ListenerServer;
  const clients: SocketClient[] = [];
  afterEach(async () => {
    for (const client of clients.splice(0)) client.socket.terminate();
    await server.stop();
  });

  async function start(verifyFunction: string, world: Record<string, unknown>): Promise<void> {
    const properties = { jwtValidation: 'function', verifyFunction };
    server = await ListenerServer.start({ properties, verifyFunctions: shown(world) });
  }

  async function sessionOf(...where: Parameters<typeof SocketClient.open>): Promise<unknown> {
    const client = await SocketClient.open(...where);
    clients.push(client);
    return (await server.messageFrom(client))._session;
  }

  it('an opaque token that introspection calls active', async () => {
    const asked: unknown[] = [];
    await start('opaque', {
      fetch: async (_url: string, { headers, body }: { headers: object; body: URLSearchParams }) => {
        asked.push([{ ...headers }, body.get('token')]);
        const known = { active: true, sub: 'ann', tenant: 'acme', exp: seconds(60) };
        return Response.json(body.get('token') === 'good' ? known : { active: false });
      },
    });
    should(await sessionOf(server.url('good'))).match({
      tenantId: 'acme',
      subject: 'ann',
      authStatus: 'verified',
    });
    should(asked).eql([[{ Authorization: `Basic ${btoa('node-red:secret')}` }, 'good']]);
    should((await SocketClient.refused(server.url('bad'))).body).equal('{"error":"token_invalid"}');
    should((await SocketClient.refused(server.url())).body).equal('{"error":"token_missing"}');
  });

  it('a charging station with its own password, at its own path', async () => {
    const check = async (id: string, password: string) =>
      password === `password of ${id}` ? { owner: 'acme' } : null;
    await start('stations', { chargers: { check } });
    const as = (id: string, password = `password of ${id}`) => ({
      headers: { Authorization: `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}` },
    });
    // the station is called as the listener's path ends
    should(await sessionOf(server.url(), as('ws'))).match({ tenantId: 'acme', subject: 'ws' });
    for (const options of [as('ws', 'wrong'), as('other'), {}, { headers: { Authorization: 'Basic %%%' } }]) {
      should((await SocketClient.refused(server.url(), options)).status).equal(401);
    }
  });
});
