import should from 'should';
import { ClientProbe } from '../support/core/client-probe.js';
import { TokenServer } from '../support/core/token-server.js';
import { PROXY_KINDS } from '../support/proxies/proxy-kind.js';
import { withProxy } from '../support/proxies/with-proxy.js';

for (const kind of PROXY_KINDS.filter(({ name }) => name === 'nginx')) {
  describe(`a client of a listener behind ${kind.name}`, () => {
    const start = withProxy(kind);
    let tokens: TokenServer;
    let probe: ClientProbe | undefined;

    beforeEach(async () => {
      tokens = await TokenServer.start();
    });
    afterEach(async () => {
      await probe?.client.close();
      probe = undefined;
      await tokens.stop();
    });

    for (const placement of ['header', 'protocol', 'message']) {
      it(`shows its token by ${placement}, stays logged in, and leaves no token in the proxy's log`, async () => {
        const behind = await start({ listener: { properties: { tokenSources: [placement] } } });
        tokens.answer = TokenServer.granting(3);
        const renewed = placement === 'message' ? behind.server.next('renewed') : undefined;
        probe = new ClientProbe(`wss://${behind.host}/ws`, {
          properties: { authMode: 'oauth2', tokenUrl: tokens.url, tokenPlacement: placement },
          credentials: { clientId: 'device', clientSecret: 'secret' },
          target: { tls: behind.route },
        });
        await probe.next('connect');
        if (renewed === undefined) await probe.next('connect');
        else await renewed;
        should(await probe.send({ payload: 'x' })).equal(undefined);
        await probe.client.close();
        await behind.proxy.logged(/GET \/ws/);
        should(behind.proxy.log).not.containEql('eyJ');
      });
    }

    it('shows what the proxy answers where the listener is gone', async () => {
      const behind = await start();
      await behind.server.stop();
      probe = new ClientProbe(`wss://${behind.host}/ws`, { target: { tls: behind.route } });
      should(await probe.failure()).equal('502');
    });
  });
}
