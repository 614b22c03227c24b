import type { Socket } from 'node:net';
import should from 'should';
import { ClientProbe, type ProbeOptions } from '../../support/core/client-probe.js';
import { OriginServer } from '../../support/core/origin-server.js';
import { backTo, resources } from '../../support/core/resources.js';

const TOKEN = 'header.SECRET-TOKEN.signature';

describe('src/client/client: refused with a code', () => {
  let origin: OriginServer;
  let probe: ClientProbe;
  let before: Record<string, number>;

  /** Starts a client of a server that refuses with this body. */
  function start(body: string, status = 401, options: ProbeOptions = {}): void {
    const head = `HTTP/1.1 ${status} No\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
    answer((socket) => socket.end(head + body), options);
  }
  function answer(write: (socket: Socket) => void, options: ProbeOptions = {}): void {
    origin.answer = write;
    probe = new ClientProbe(origin.url(), { jwt: TOKEN, ...options });
  }

  beforeEach(async () => {
    before = await resources();
    origin = await OriginServer.start();
  });
  afterEach(async () => {
    await probe.client.close();
    await origin.stop();
    await backTo(before);
  });

  const longest = 'a'.repeat(40);
  for (const [body, status, reason] of [
    ['{"error":"token_expired"}', 401, '401 token_expired'],
    ['{"error":"too_many_connections"}', 429, '429 too_many_connections'],
    ['{"error":"unavailable"}', 503, '503 unavailable'],
    [' {\r\n "error" : "invalid_token", "error_description": "no" }\n', 400, '400 invalid_token'],
    [`{"error":"${longest}"}`, 403, `403 ${longest}`],
    [`{"error":"${longest}a"}`, 403, '403'],
    ['{"error":""}', 403, '403'],
    ['{"error":"Token expired"}', 401, '401'],
    ['{"error":"token_expired\\n"}', 401, '401'],
    ['{"error":"TOKEN_EXPIRED"}', 401, '401'],
    ['{"error":{"code":"token_expired"}}', 401, '401'],
    ['{"error":["token_expired"]}', 401, '401'],
    ['{"error":401}', 401, '401'],
    ['[{"error":"token_expired"}]', 401, '401'],
    ['{"__proto__":{"error":"token_expired"}}', 401, '401'],
    ['null', 401, '401'],
    ['"token_expired"', 401, '401'],
    ['', 401, '401'],
    ['<html>token_expired</html>', 403, '403'],
    [`{"error":"${TOKEN}"}`, 401, '401'],
    ['{"error":"token_expired"}', 302, '302'],
    ['{"error":"token_expired"}', 200, '200'],
    [`{"error":"token_expired"${' '.repeat(4096)}}`, 401, '401'],
  ] as const) {
    it(`shows ${reason} for ${status} with ${body.slice(0, 60)}`, async () => {
      start(body, status);
      should(await probe.failure()).equal(reason);
      should(await probe.failure()).equal(reason);
      should(probe.log).eql([`down ${reason}`]);
    });
  }

  it('shows the code of a body in pieces, chunked, and of one that the end of the connection ends', async () => {
    answer((socket) => {
      socket.write('HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{"error\r\n');
      setImmediate(() => socket.end('11\r\n":"token_expired"\r\n1\r\n}\r\n0\r\n\r\n'));
    });
    should(await probe.failure()).equal('401 token_expired');
    origin.answer = (socket) => socket.end('HTTP/1.1 403 No\r\n\r\n{"error":"not_allowed"}');
    while ((await probe.failure()) !== '403 not_allowed');
  });

  it('waits a second for a body that never ends, and shows what has come', async () => {
    answer((socket) => socket.write('HTTP/1.1 401 No\r\n\r\n{"error":"token_expired"}'));
    const startedMs = performance.now();
    should(await probe.failure()).equal('401 token_expired');
    should(performance.now() - startedMs).be.within(900, 3000);
  });

  it('does not read more than 4 KiB of a body, however fast it comes', async () => {
    let written = 0;
    const gone = new Promise<void>((resolve) =>
      answer((socket) => {
        socket.once('close', () => resolve());
        socket.write('HTTP/1.1 401 No\r\n\r\n{"error":"token_expired"}');
        const more = () => {
          if (socket.destroyed) return;
          written += 65_536;
          socket.write(' '.repeat(65_536), more);
        };
        more();
      }),
    );
    should(await probe.failure()).equal('401');
    await gone;
    should(written).be.below(50 * 1024 * 1024);
  });

  it('keeps to the time for a handshake while a body drips', async () => {
    answer((socket) => socket.write('HTTP/1.1 401 No\r\nContent-Length: 99\r\n\r\n{'), {
      limits: { handshakeTimeoutMs: 60 },
    });
    const startedMs = performance.now();
    should(await probe.failure()).equal('401');
    should(performance.now() - startedMs).be.below(900);
  });

  it('closes promptly while a body drips', async () => {
    const asked = new Promise<void>((resolve) =>
      answer((socket) => socket.write('HTTP/1.1 401 No\r\nContent-Length: 99\r\n\r\n{', () => resolve())),
    );
    await asked;
    const startedMs = performance.now();
    await probe.client.close();
    should(performance.now() - startedMs).be.below(500);
    await origin.idle();
  });
});
