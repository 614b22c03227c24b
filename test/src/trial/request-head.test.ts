import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import should from 'should';
import { parseListenerOptions } from '../../../src/config/listener-options.js';
import { tryToken } from '../../../src/trial/try-token.js';
import { answerOf, rawSocket, upgradeRequest } from '../../support/core/raw-client.js';
import { CLAIMS, SECRET, token } from '../../support/core/tokens.js';

/** The headers of `upgradeRequest` are those that the trial counts, but for the host. */
const HOST_BYTES = 'localhost'.length - 1;

describe('src/trial/request-head', () => {
  const options = parseListenerOptions({ path: '/ws' }, SECRET);
  const trial = (jwt: string, maxBytes: number) =>
    tryToken(jwt, options, { maxTokenBytes: 100_000, head: { path: '/ws', maxBytes } });

  for (const maxBytes of [16_384, 4000]) {
    it(`says 431 for the tokens that Node answers so: ${maxBytes}`, async () => {
      const server = createServer({ maxHeaderSize: maxBytes + HOST_BYTES });
      server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const answers = new Set<string>();
      for (let filler = Math.floor((maxBytes - 300) * 0.75); filler < maxBytes * 0.75; filler += 1) {
        const jwt = token({ ...CLAIMS, filler: 'x'.repeat(filler) });
        if (jwt.length < maxBytes - 180 || jwt.length > maxBytes - 100) continue;
        const { port } = server.address() as AddressInfo;
        const answer = await answerOf(await rawSocket(port, upgradeRequest(`/ws?token=${jwt}`)));
        const { verdict } = await trial(jwt, maxBytes);
        answers.add(verdict.kind);
        should(verdict.kind === 'refused' ? String(verdict.status) : '200').equal(answer.slice(9, 12));
      }
      server.close();
      should([...answers].sort()).eql(['accepted', 'refused']);
    });
  }

  it('names the limit, and no cause of ours', async () => {
    const { verdict, checks } = await trial(token({ ...CLAIMS, filler: 'x'.repeat(3000) }), 4000);
    should(verdict).eql({ kind: 'refused', code: 'head_too_large', status: 431 });
    should(checks[0]).match({
      result: 'failed',
      finding: 'head',
      values: { limit: 4000 },
      code: 'head_too_large',
    });
  });

  it('says so of what is no token, too', async () => {
    const { verdict } = await tryToken('x'.repeat(17_000), options);
    should(verdict).match({ kind: 'refused', status: 431 });
  });

  it('warns of a token that leaves little room for other headers', async () => {
    const { verdict, checks } = await trial(token({ ...CLAIMS, filler: 'x'.repeat(1800) }), 4000);
    should(verdict.kind).equal('accepted');
    should(checks[0]).match({ result: 'passed', finding: 'near-head', values: { limit: 4000 } });
  });
});
