import { once } from 'node:events';
import should from 'should';
import { clientFrame, upgradeRequest } from '../support/core/raw-client.js';
import { SocketClient } from '../support/core/socket-client.js';
import { token } from '../support/core/tokens.js';
import { attack, type Target } from '../support/hostile/target.js';

const properties = { refusal: 'close' };
const BAD = upgradeRequest('/ws?token=evil');

/** What a browser's page would see of a refusal. */
async function refusal(target: Target, query: string, headers: Record<string, string> = {}) {
  const peer = await SocketClient.open(`${target.listener.origin}/ws${query}`, { headers }, ['app']);
  return peer.closed;
}

describe('hostile: peers that are refused by closing', () => {
  const LIMITED = { ...properties, enforceLimits: true, maxConnections: '1' };
  const ROWS: [string, Record<string, unknown>, string, number, string][] = [
    ['no token', properties, '', 4401, 'token_missing'],
    ['a bad token', properties, '?token=evil', 4401, 'token_invalid'],
    ['a page of another origin', { ...properties, origins: 'none' }, '', 4403, 'origin_forbidden'],
    [
      'one connection too many',
      LIMITED,
      `?token=${token({ tenant_id: 'bystander' })}`,
      4429,
      'too_many_connections',
    ],
  ];
  for (const [what, options, query, code, reason] of ROWS) {
    it(`${what}: ${code} ${reason}, and no connection`, () =>
      attack({ properties: options }, async (target) => {
        const refused = target.listener.next('refused');
        const headers: Record<string, string> = code === 4403 ? { Origin: 'https://evil.test' } : {};
        should(await refusal(target, query, headers)).eql({ code, reason });
        should((await refused).code).equal(reason);
        should(target.listener.events.items.filter(({ kind }) => kind === 'connect').length).equal(1);
        should(target.messages).eql([]);
      }));
  }

  it('what is our own fault stays an HTTP status', () =>
    attack({ properties, verifyClient: () => fail(), bystander: null }, async (target) => {
      should(await target.answerTo(BAD)).equal('500 verification_failed');
    }));

  it('what they say reaches no flow, and those that stay are cut off', () =>
    attack({ properties }, async (target) => {
      const peer = await target.raw(BAD);
      await once(peer, 'data');
      peer.write(clientFrame(1, Buffer.from('evil')));
      peer.write(clientFrame(2, Buffer.alloc(60_000)));
      await target.serverSocketClosed(); // it never answers our close frame
      should(target.messages).eql([]);
    }));

  it('256 stay at a time, others get HTTP until one has gone', () =>
    attack({ properties }, async (target) => {
      const peers = await Promise.all(Array.from({ length: 256 }, () => target.raw(BAD)));
      await Promise.all(peers.map((peer) => once(peer, 'data')));
      should(await target.answerTo(BAD)).equal('401 token_invalid');
      for (const peer of peers) peer.resetAndDestroy();
      let answer = '';
      while (answer !== '101') answer = await target.answerTo(BAD);
    }));
});

function fail(): never {
  throw new Error('evil');
}
