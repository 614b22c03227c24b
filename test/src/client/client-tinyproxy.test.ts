import should from 'should';
import { Authority } from '../../support/core/certificates.js';
import { ClientProbe } from '../../support/core/client-probe.js';
import { OriginServer } from '../../support/core/origin-server.js';
import { Tinyproxy } from '../../support/core/tinyproxy.js';

describe('src/client/client: through tinyproxy', () => {
  const authority = new Authority();
  let proxy: Tinyproxy | undefined;

  before(async function () {
    proxy = await Tinyproxy.start('user', 'right');
    if (proxy !== undefined) return;
    console.log('    skipped: tinyproxy is not installed');
    this.skip();
  });
  after(() => proxy?.stop());

  for (const scheme of ['ws', 'wss']) {
    it(`tunnels ${scheme}: with credentials, and is refused with 407 without`, async () => {
      const tls = scheme === 'wss' ? { tls: authority.issue('server', ['127.0.0.1']) } : {};
      const origin = await OriginServer.start(tls);
      const through = (credentials: string) =>
        new ClientProbe(origin.url('/ws'), {
          jwt: 'a.b.c',
          target: {
            proxy: new URL(`http://${credentials}127.0.0.1:${proxy?.port}`),
            tls: { ca: authority.cert },
          },
        });
      const stranger = through('');
      should(await stranger.failure()).equal('proxy 407');
      await stranger.client.close();
      should(origin.requests).eql([]);
      const probe = through('user:right@');
      await probe.next('connect');
      (await origin.accepted.next()).send('through the tunnel');
      should((await probe.messages.next()).payload).equal('through the tunnel');
      await proxy?.logged(`CONNECT 127.0.0.1:${origin.port} HTTP/1.1`);
      await proxy?.logged('Established connection to host "127.0.0.1"');
      should(proxy?.log).not.containEql('a.b.c');
      await probe.client.close();
      await origin.stop();
    });
  }
});
