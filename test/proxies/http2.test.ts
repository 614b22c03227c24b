import { once } from 'node:events';
import { connect, type IncomingHttpHeaders, type Settings } from 'node:http2';
import should from 'should';
import { clientFrame } from '../support/core/raw-client.js';
import { token } from '../support/core/tokens.js';
import { PROXY_KINDS } from '../support/proxies/proxy-kind.js';
import { withProxy } from '../support/proxies/with-proxy.js';

const TEXT = Buffer.from('over HTTP/2');
const TEXT_FRAME = 1;

for (const kind of PROXY_KINDS) {
  if (!kind.extendedConnect) continue;
  describe(`docs/behind-a-proxy.md: HTTP/2 to ${kind.name} (RFC 8441)`, () => {
    const start = withProxy(kind);

    it('carries a WebSocket in a stream', async () => {
      const behind = await start();
      const session = connect(`https://${behind.host}`, behind.route);
      const [settings] = (await once(session, 'remoteSettings')) as [Settings];
      should(settings.enableConnectProtocol).be.true();

      const stream = session.request({
        ':method': 'CONNECT',
        ':protocol': 'websocket',
        ':scheme': 'https',
        ':authority': behind.host,
        ':path': `/ws?token=${token()}`,
        'sec-websocket-version': '13',
      });
      const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders];
      should(headers[':status']).equal(200);

      const arrived = behind.server.message();
      stream.write(clientFrame(TEXT_FRAME, TEXT));
      const message = await arrived;
      should(message.payload).equal(TEXT.toString());
      const answered = once(stream, 'data');
      should(await behind.server.send(message)).be.undefined();
      const [frame] = (await answered) as [Buffer];
      should(frame).eql(Buffer.concat([Buffer.from([0x80 | TEXT_FRAME, TEXT.length]), TEXT]));

      stream.close();
      await once(stream, 'close');
      session.close();
    });
  });
}
