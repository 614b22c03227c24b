import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import should from 'should';
import { CLAIMS, seconds, token } from '../support/core/tokens.js';
import { PROXY_KINDS } from '../support/proxies/proxy-kind.js';
import { withProxy } from '../support/proxies/with-proxy.js';

const PING_MS = 500;
const IDLE_SECONDS = 2;

for (const kind of PROXY_KINDS) {
  describe(`docs/behind-a-proxy.md: ${kind.name}`, () => {
    const start = withProxy(kind);

    it('lets a peer with a token in, and carries text and 100 kB both ways', async () => {
      const behind = await start();
      const client = await behind.open(`/ws?token=${token()}`);
      for (const data of ['hello', randomBytes(100_000)]) {
        const message = await behind.server.messageFrom(client, data);
        should(message.payload).eql(data);
        should(await behind.server.send(message)).be.undefined();
        const { data: answer, isBinary } = await client.next();
        should(isBinary).equal(typeof data !== 'string');
        should(answer.equals(Buffer.from(data as string))).be.true();
      }
      await client.close();
    });

    it('leaves a refusal as it is: status, headers and body', async () => {
      const behind = await start();
      const expired = token({ ...CLAIMS, exp: seconds(-60) });
      const { status, headers, body } = await behind.refused(`/ws?token=${expired}`);
      should(status).equal(401);
      should(headers['www-authenticate']).equal('Bearer error="invalid_token"');
      should(headers['cache-control']).equal('no-store');
      should(headers['content-type']).equal('application/json');
      should(JSON.parse(body)).eql({ error: 'token_expired' });
      should(JSON.parse((await behind.refused('/ws')).body)).eql({ error: 'token_missing' });
    });

    it('passes on what a close frame says', async () => {
      const behind = await start();
      const expiring = await behind.open(`/ws?token=${token({ ...CLAIMS, exp: seconds(2) })}`);
      const staying = await behind.open(`/ws?token=${token()}`);
      should(await expiring.closed).eql({ code: 4401, reason: 'token expired' });
      behind.server.listener.close();
      should(await staying.closed).eql({ code: 1012, reason: 'service restart' });
    });

    it('names the host, and the address of the peer whatever the peer says', async () => {
      const seen: Record<string, unknown>[] = [];
      const verifyClient = ({ req }: { req: IncomingMessage }) => seen.push(req.headers) > 0;
      const behind = await start({ listener: { verifyClient } });
      const forged = { 'X-Forwarded-For': '192.0.2.1', 'X-Forwarded-Proto': 'ftp' };
      const origin = 'https://pages.example.com';
      const client = await behind.open(`/ws?token=${token()}`, { headers: forged, origin });
      should(seen[0]).containEql({
        host: behind.host,
        origin,
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'https',
      });
      await client.close();
    });

    it('writes no token to any log, whatever becomes of the request', async () => {
      const behind = await start();
      const jwt = token();
      await (await behind.open(`/ws?token=${jwt}`)).close();
      should((await behind.refused(`/ws?tok=1&token=${jwt}&token=${jwt}`)).status).equal(401);
      should((await behind.refused(`/elsewhere?token=${jwt}`)).status).equal(404);
      await behind.server.stop();
      should((await behind.refused(`/ws?token=${jwt}`)).status).equal(kind.unreachable);
      await behind.proxy.logged(kind.upgraded);
      for (const status of [401, 404, kind.unreachable])
        await behind.proxy.logged(new RegExp(`\\b${status}\\b`));
      should(behind.proxy.log).containEql('/ws').and.containEql('/elsewhere');
      for (const part of jwt.split('.')) should(behind.proxy.log.includes(part)).be.false();
    });

    if (!kind.cutsIdle) return;

    it('keeps a connection open on which nothing but pings is said', async () => {
      const behind = await start({ listener: { pingIntervalMs: PING_MS }, idleSeconds: IDLE_SECONDS });
      const client = await behind.open(`/ws?token=${token()}`);
      for (let pings = 0; pings < (IDLE_SECONDS * 1000) / PING_MS + 3; pings++)
        await once(client.socket, 'ping');
      should((await behind.server.messageFrom(client)).payload).equal('hello');
      await client.close();
    });

    it('cuts a connection on which nothing is said at all', async () => {
      const behind = await start({ idleSeconds: IDLE_SECONDS });
      const client = await behind.open(`/ws?token=${token()}`);
      const message = await behind.server.messageFrom(client);
      const startedMs = performance.now();
      const disconnected = behind.server.next('disconnect');
      should((await client.closed).code).equal(1006);
      should(performance.now() - startedMs).be.above(IDLE_SECONDS * 750);
      await disconnected;
      should(message.payload).equal('hello');
    });
  });
}
