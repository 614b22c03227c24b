import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import should from 'should';
import { ListenerServer } from '../support/core/listener-server.js';
import { CLAIMS, seconds, token } from '../support/core/tokens.js';
import { fences } from '../support/docs/fences.js';
import { browser } from '../support/editor/browser.js';

describe('docs/clients.md in a browser', function () {
  this.timeout(60_000);

  it('logs a page in with its first message, and renews the token on the same connection', async () => {
    const [code = ''] = fences('docs/clients.md', 'js').filter((block) => block.includes('/my-login/token'));
    const server = await ListenerServer.start({
      properties: { tokenSources: ['message'], routingScope: 'global' },
    });
    let given = 0;
    const site = createServer(({ url, method }, response) => {
      if (url === '/my-login/token' && method === 'POST') {
        given += 1;
        response.end(token({ ...CLAIMS, exp: seconds(3), jti: String(given) }));
      } else if (url === '/client.js') response.setHeader('content-type', 'text/javascript').end(code);
      else {
        response.setHeader('content-type', 'text/html');
        response.end(`<script type="module">
          import { connect } from '/client.js';
          connect('${server.url()}', (send) => send('hello from a page'), (text) => { document.title = text; });
        </script>`);
      }
    }).listen(0, '127.0.0.1');
    await once(site, 'listening');
    const said = server.message();
    const page = await (await browser()).newPage();
    await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
    const { payload, _session } = await said;
    should(payload).equal('hello from a page');
    await server.send({ payload: 'hello yourself' });
    await page.waitForFunction('document.title === "hello yourself"');
    const { session } = await server.next('renewed');
    should(session.id).equal((_session as { readonly id: string }).id);
    await page.close();
    site.closeAllConnections();
    site.close();
    await once(site, 'close');
    await server.stop();
  });
});
