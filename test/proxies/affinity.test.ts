import should from 'should';
import { CLAIMS, token } from '../support/core/tokens.js';
import { PROXY_KINDS } from '../support/proxies/proxy-kind.js';
import { withProxy } from '../support/proxies/with-proxy.js';

/** How the guide says to put its other block of a proxy into the complete configuration. */
const BALANCED: Readonly<Record<string, (complete: string, block: string) => string>> = {
  haproxy: (complete, block) => complete.replace(/^backend node_red\n.*/ms, block),
  nginx: (complete, block) =>
    complete.replace('http {', `http {\n${block}`).replace('http://127.0.0.1:1880', 'http://node_red'),
};

const TENANTS = Array.from({ length: 12 }, (_, number) => `tenant-${number}`);

for (const kind of PROXY_KINDS) {
  const balanced = BALANCED[kind.name];
  if (balanced === undefined) continue;
  describe(`docs/behind-a-proxy.md: two instances behind ${kind.name}`, () => {
    const start = withProxy(kind);

    it('sends all peers of a tenant to the same instance, and tenants to both', async () => {
      const behind = await start({
        instances: 2,
        configure: ([block = '', complete = '']) => balanced(complete, block),
      });
      const homes = new Set<number>();
      for (const tenant of TENANTS) {
        const jwt = token({ ...CLAIMS, tenant_id: tenant });
        const accepted: number[] = [];
        for (let peers = 0; peers < 3; peers++) {
          const connected = behind.servers.map(async (server, index) => {
            await server.next('connect');
            return index;
          });
          const client = await behind.open(`/ws?tenant=${tenant}&token=${jwt}`);
          accepted.push(await Promise.race(connected));
          await client.close();
        }
        should(new Set(accepted).size).equal(1, `${tenant}: ${accepted}`);
        for (const index of accepted) homes.add(index);
      }
      should([...homes].sort()).eql([0, 1]);
    });
  });
}
