import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import should from 'should';
import type { VerifyClient } from '../../src/handshake/verify-client.js';
import { clientFrame, upgradeRequest } from '../support/core/raw-client.js';
import { token } from '../support/core/tokens.js';
import { attack, type Target } from '../support/hostile/target.js';

const JWT = token();
const UPGRADE = upgradeRequest(`/ws?token=${JWT}`);

/** A user's function of any shape: what settings.js holds is not checked by a compiler. */
function hook(of: unknown): VerifyClient {
  return of as VerifyClient;
}

type Answer = (accepted: unknown, code?: unknown, name?: unknown, headers?: unknown) => void;

/** What a `webSocketNodeVerifyClient` does, and what a peer with a valid token is answered. */
const HOOKS: [string, VerifyClient, string][] = [
  ['says yes', hook(() => true), '101'],
  ['says something that is true', hook(() => 'evil'), '101'],
  ['says nothing', hook(() => {}), '401 refused'],
  ['says no, through a promise', hook(async () => false), '401 refused'],
  ['throws', hook(() => fail()), '500 verification_failed'],
  [
    'throws in its callback form',
    hook((_info: unknown, _answer: Answer) => fail()),
    '500 verification_failed',
  ],
  ['throws nothing at all', hook(() => fail(undefined)), '500 verification_failed'],
  ['rejects', hook(async () => fail()), '500 verification_failed'],
  [
    'rejects in its callback form',
    hook(async (_info: unknown, _answer: Answer) => fail()),
    '500 verification_failed',
  ],
  ['answers yes and throws', hook((_info: unknown, answer: Answer) => fail(answer(true))), '101'],
  [
    'answers no and rejects',
    hook(async (_info: unknown, answer: Answer) => fail(answer(false))),
    '401 refused',
  ],
  ['never answers', hook((_info: unknown, _answer: Answer) => {}), '503 handshake_timeout'],
  ['returns a promise without an end', hook(() => new Promise(() => {})), '503 handshake_timeout'],
  [
    'answers twice, yes first',
    hook((_info: unknown, answer: Answer) => [answer(true), answer(false)]),
    '101',
  ],
  [
    'answers twice, no first',
    hook((_info: unknown, answer: Answer) => [answer(false, 403), answer(true)]),
    '403 refused',
  ],
  [
    'answers a thousand times',
    hook((_info: unknown, answer: Answer) =>
      Array(1000)
        .fill(0)
        .map(() => answer(true)),
    ),
    '101',
  ],
  [
    'answers with a code of success',
    hook((_info: unknown, answer: Answer) => answer(false, 200)),
    '401 refused',
  ],
  ['answers with a code of 1e9', hook((_info: unknown, answer: Answer) => answer(false, 1e9)), '401 refused'],
  [
    'answers with a code that is text',
    hook((_info: unknown, answer: Answer) => answer(false, '403\r\nX-Evil: 1')),
    '401 refused',
  ],
  [
    'answers with a code nobody knows',
    hook((_info: unknown, answer: Answer) => answer(false, 499)),
    '499 refused',
  ],
  [
    'answers with a text and headers',
    hook((_info: unknown, answer: Answer) => answer(false, 403, 'Evil\r\nX-Evil: 1', { 'X-Evil': '1' })),
    '403 refused',
  ],
  ['is not a function', hook('evil'), '500 verification_failed'],
  ['hangs up on the peer', hook((info: { req: { socket: Duplex } }) => info.req.socket.destroy()), 'closed'],
  [
    'answers the peer by itself and says no',
    hook((info: { req: { socket: Duplex } }) => !info.req.socket.end('HTTP/1.1 418 Teapot\r\n\r\n')),
    '418',
  ],
  [
    'answers the peer by itself and says yes',
    hook((info: { req: { socket: Duplex } }) => info.req.socket.write('HTTP/1.1 418 Teapot\r\n\r\n') || true),
    '418',
  ],
];

function fail(reason: unknown = new Error('broken')): never {
  throw reason;
}

describe('hostile: the upgrade', () => {
  for (const [what, verifyClient, answer] of HOOKS) {
    it(`answers ${answer} when the user's own check ${what}`, () =>
      attack({ verifyClient, timeoutMs: 60, bystander: null }, async (target) => {
        should(await target.answerTo(UPGRADE)).equal(answer);
      }));
  }

  /** Runs `perform` with a check that waits until it is told what to say. */
  function whileChecked(
    perform: (target: Target, answerAll: Answer, asked: (count: number) => Promise<void>) => Promise<void>,
    timeoutMs = 5000,
  ): Promise<void> {
    const answers: Answer[] = [];
    let tell = () => {};
    let held = false;
    const verifyClient = hook((_info: unknown, answer: Answer) => {
      if (held) {
        answers.push(answer);
        tell();
      } else answer(true);
    });
    return attack({ verifyClient, timeoutMs, bystander: JWT }, async (target) => {
      held = true;
      await perform(
        target,
        (...said) => {
          held = false;
          for (const answer of answers.splice(0)) answer(...said);
        },
        async (count) => {
          while (answers.length < count) {
            await new Promise<void>((resolve) => {
              tell = resolve;
            });
          }
        },
      );
    });
  }

  for (const accepted of [true, false]) {
    const said = accepted ? 'yes' : 'no';

    it(`opens nothing for a peer that was cut off before the check said ${said}`, () =>
      whileChecked(async (target, answerAll, asked) => {
        const socket = await target.raw(UPGRADE);
        await asked(1);
        const closed = target.serverSocketClosed();
        socket.resetAndDestroy();
        await closed;
        answerAll(accepted);
        should(target.listener.refusals.length).equal(1); // the question asked before the attack
      }));

    it(`lets go of a peer that said goodbye before the check said ${said}`, () =>
      whileChecked(async (target, answerAll, asked) => {
        const socket = await target.raw(UPGRADE);
        socket.resume();
        await asked(1);
        socket.end();
        const closed = once(socket, 'close');
        answerAll(accepted);
        await closed;
      }));

    it(`answers fifty peers at once when the check says ${said}, though every other is gone`, () =>
      whileChecked(async (target, answerAll, asked) => {
        const stay = Array.from({ length: 25 }, () => target.answerTo(UPGRADE));
        const go = await Promise.all(Array.from({ length: 25 }, () => target.raw(UPGRADE)));
        await asked(50);
        for (const socket of go) socket.resetAndDestroy();
        answerAll(accepted);
        should(await Promise.all(stay)).eql(Array(25).fill(accepted ? '101' : '401 refused'));
      }));
  }

  it('opens nothing for a check that says yes after the deadline', () =>
    whileChecked(async (target, answerAll) => {
      should(await target.answerTo(UPGRADE)).equal('503 handshake_timeout');
      answerAll(true);
    }, 50));

  it('holds back what a peer says before it is let in, and drops it where it is not', () =>
    whileChecked(async (target, answerAll, asked) => {
      const frames = Buffer.concat(Array(20_000).fill(clientFrame(1, Buffer.from('evil'))));
      const answer = target.answerTo(Buffer.concat([Buffer.from(UPGRADE), frames]));
      await asked(1);
      should(target.messages).eql([]);
      answerAll(false);
      should(['401 refused', 'closed']).containEql(await answer); // unread bytes may turn the FIN into an RST
      should(target.messages).eql([]);
    }));

  it('closes a socket that an earlier request was answered on while the token was looked at', () => {
    let earlier: ServerResponse | undefined;
    const verifyClient = hook((_info: unknown, answer: Answer) => {
      if (earlier === undefined) answer(true);
      else earlier.end('late', () => answer(true));
    });
    return attack({ verifyClient }, async (target) => {
      target.listener.server.removeAllListeners('request').once('request', (_request, response) => {
        earlier = response;
      });
      should(await target.answerTo(`GET /evil HTTP/1.1\r\nHost: localhost\r\n\r\n${UPGRADE}`)).equal('200');
      earlier = undefined;
    });
  });

  it('reads no second request where the first was refused', () =>
    attack({}, async (target) => {
      should(await target.answerTo(upgradeRequest('/ws?token=x') + UPGRADE)).equal('401 token_invalid');
      should(target.listener.refusals.length).equal(2); // and the question asked before the attack
    }));

  it('takes a second request after an accepted one for a broken frame', () =>
    attack({}, async (target) => {
      should(await target.endAfter(Buffer.from(UPGRADE))).equal(1002);
    }));

  it('leaves a socket alone that another handler answers first', () =>
    attack({}, async (target) => {
      const { server } = target.listener;
      server.prependOnceListener('upgrade', (_request, socket) => socket.end('HTTP/1.1 418 Teapot\r\n\r\n'));
      should(await target.answerTo(UPGRADE)).equal('418');
    }));

  it('forgets a peer that never finishes its request', () =>
    attack({}, async (target) => {
      const socket = await target.raw(UPGRADE.slice(0, -4));
      const closed = target.serverSocketClosed();
      socket.resetAndDestroy();
      await closed;
    }));
});
