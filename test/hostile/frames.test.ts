import should from 'should';
import { clientFrame, upgradeRequest } from '../support/core/raw-client.js';
import { token } from '../support/core/tokens.js';
import { attack } from '../support/hostile/target.js';

const CONTINUATION = 0;
const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

const KIB = 1024;
const EMPTY = Buffer.alloc(0);

function text(value: string | Buffer, fin = true): Buffer {
  return clientFrame(TEXT, Buffer.from(value), fin);
}

function close(code: number, reason: string | Buffer = ''): Buffer {
  return clientFrame(CLOSE, Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]));
}

/** A frame with these bits set in its first byte. */
function withBits(bits: number, frame: Buffer): Buffer {
  return Buffer.concat([Buffer.from([frame.readUInt8(0) | bits]), frame.subarray(1)]);
}

/** The head of a masked frame that announces so many bytes in 64 bits. */
function announcing(length: bigint): Buffer {
  const head = Buffer.from([0x80 | BINARY, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  head.writeBigUInt64BE(length, 2);
  return head;
}

function repeated(count: number, frame: Buffer): Buffer {
  return Buffer.concat(Array<Buffer>(count).fill(frame));
}

/** What follows a valid handshake, and the close code that it is answered. Nothing of it reaches the flow. */
const BROKEN: [string, Buffer, number | 'cut'][] = [
  ['a frame that is not masked', Buffer.from([0x81, 1, 0x41]), 1002],
  ['a frame that says it is compressed', withBits(0x40, text('evil')), 1002],
  ['a frame with the second reserved bit', withBits(0x20, text('evil')), 1002],
  ['a frame with the third reserved bit', withBits(0x10, text('evil')), 1002],
  ['opcode 3', clientFrame(3, Buffer.from('evil')), 1002],
  ['opcode 11', clientFrame(11, EMPTY), 1002],
  ['opcode 15', clientFrame(15, EMPTY), 1002],
  ['a continuation of nothing', clientFrame(CONTINUATION, Buffer.from('evil')), 1002],
  ['a message in the middle of another', Buffer.concat([text('ev', false), text('il')]), 1002],
  ['a fragmented ping', clientFrame(PING, EMPTY, false), 1002],
  ['a ping of 126 bytes', clientFrame(PING, Buffer.alloc(126)), 1002],
  ['a pong of 126 bytes', clientFrame(PONG, Buffer.alloc(126)), 1002],
  ['a close frame of one byte', clientFrame(CLOSE, Buffer.alloc(1)), 1002],
  ['a close frame of 126 bytes', close(1000, 'x'.repeat(124)), 1002],
  ['close code 0', close(0), 1002],
  ['close code 999', close(999), 1002],
  ['close code 1005, which is never sent', close(1005), 1002],
  ['close code 1006, which is never sent', close(1006), 1002],
  ['close code 5000', close(5000), 1002],
  ['a close reason that is not UTF-8', close(1000, Buffer.from([0xff])), 1007],
  ['text that is not UTF-8', text(Buffer.from([0xff, 0xfe])), 1007],
  ['text with an overlong slash', text(Buffer.from([0xc0, 0xaf])), 1007],
  ['text with half a surrogate pair', text(Buffer.from([0xed, 0xa0, 0x80])), 1007],
  ['text past the end of Unicode', text(Buffer.from([0xf4, 0x90, 0x80, 0x80])), 1007],
  ['text that stops within a character', text(Buffer.from([0xe2, 0x82])), 1007],
  [
    'fragments of text that is not UTF-8',
    Buffer.concat([text(Buffer.from([0xe2]), false), clientFrame(CONTINUATION, Buffer.from([0x28, 0xa1]))]),
    1007,
  ],
  ['one byte too many', announcing(BigInt(KIB + 1)), 1009],
  ['a message of 2^53 bytes', announcing(2n ** 53n), 1009],
  ['a message of 2^64 - 1 bytes', announcing(2n ** 64n - 1n), 1009],
  [
    'fragments of one byte too many',
    Buffer.concat([
      clientFrame(BINARY, Buffer.alloc(KIB), false),
      clientFrame(CONTINUATION, Buffer.alloc(1)),
    ]),
    1009,
  ],
  [
    'fragments without an end',
    Buffer.concat([text('e', false), repeated(17_000, clientFrame(CONTINUATION, EMPTY, false))]),
    1008,
  ],
  ['HTTP', Buffer.from('GET /ws HTTP/1.1\r\nHost: evil\r\n\r\n'), 1002],
  ['zeros', Buffer.alloc(64), 1002],
];

/** What a peer says that is let in, and what reaches the flow of it: the message without its session. */
const ENTIRE: [string, string, Record<string, unknown>][] = [
  ['null', 'null', { payload: null }],
  [
    'a list',
    '[{"payload":1,"_session":{"tenantId":"bystander"}}]',
    { payload: [{ payload: 1, _session: { tenantId: 'bystander' } }] },
  ],
  ['an empty list', '[]', { payload: [] }],
  ['a number', '1e400', { payload: Number.POSITIVE_INFINITY }],
  ['a text', '"_session"', { payload: '_session' }],
  ['true', 'true', { payload: true }],
  ['nothing', '', { payload: '' }],
  ['an empty object', '{}', {}],
  ['no JSON', '{"payload":1', { payload: '{"payload":1' }],
  ['JSON after a byte order mark', '\ufeff{"payload":1}', { payload: '\ufeff{"payload":1}' }],
  ['a session', '{"_session":{"id":"x","tenantId":"bystander"}}', {}],
  ['a session spelled otherwise', '{"\\u005fsession":{"tenantId":"bystander"}}', {}],
  ['two sessions', '{"_session":1,"_session":{"tenantId":"bystander"},"payload":1}', { payload: 1 }],
  ['a way back for link calls', '{"_linkSource":[{"node":"evil"}],"payload":1}', { payload: 1 }],
  ['a prototype', '{"__proto__":{"admin":true},"payload":1}', { payload: 1 }],
  ['two prototypes', '{"__proto__":1,"__proto__":{"_session":1},"payload":1}', { payload: 1 }],
  [
    'names of methods',
    '{"hasOwnProperty":1,"toString":2,"valueOf":3}',
    { hasOwnProperty: 1, toString: 2, valueOf: 3 },
  ],
];

describe('hostile: frames', () => {
  for (const [what, bytes, end] of BROKEN) {
    it(`ends with ${end} on ${what}`, () =>
      attack({ properties: { maxPayload: String(KIB) } }, async (target) => {
        should(await target.endAfter(bytes)).equal(end);
        should(target.messages).eql([]);
      }));
  }

  for (const [what, said, message] of ENTIRE) {
    it(`gives the flow a message of its own for ${what}, in entire-message mode`, () =>
      attack({ properties: { wholemsg: 'true' } }, async (target) => {
        const client = await target.open();
        const { _session, ...rest } = await target.listener.messageFrom(client, said);
        should(rest).eql(message);
        should(_session).match({ tenantId: 'acme', authStatus: 'verified' });
        should(Object.getPrototypeOf(rest)).equal(Object.prototype);
        should(target.messages.length).equal(1);
      }));
  }

  it('takes JSON nested half a million deep for what it is', () =>
    attack({ properties: { wholemsg: 'true' } }, async (target) => {
      const client = await target.open();
      const depth = 500_000;
      const deep = `{"payload":${'['.repeat(depth)}${']'.repeat(depth)}}`;
      const { _session, ...message } = await target.listener.messageFrom(client, deep);
      should(Array.isArray(message.payload)).equal(true);
      should(await target.listener.send({ ...message, _session })).match({ code: 'send-unserialisable' });
    }));

  it('takes a hundred thousand names for one message', () =>
    attack({ properties: { wholemsg: 'true' } }, async (target) => {
      const client = await target.open();
      const names = Array.from({ length: 100_000 }, (_, i) => `"${i}":0`);
      const message = await target.listener.messageFrom(client, `{${names.join()}}`);
      should(Object.keys(message).length).equal(100_001);
    }));

  it('delivers what comes in one piece with a handshake that is accepted, and nothing where it is refused', () =>
    attack({}, async (target) => {
      const piece = (jwt: string) =>
        Buffer.concat([Buffer.from(upgradeRequest(`/ws?token=${jwt}`)), text('hello')]);
      should(await target.answerTo(piece('evil'))).equal('401 token_invalid');
      const message = target.listener.message();
      await target.raw(piece(token()));
      await message;
      should(target.messages.map(({ payload }) => payload)).eql(['hello']);
    }));

  it('answers a close frame without a code, and one with a code of the application', () =>
    attack({}, async (target) => {
      should(await target.endAfter(clientFrame(CLOSE, EMPTY))).equal('cut');
      should(await target.endAfter(close(4999, 'evil'))).equal(4999);
    }));

  it('delivers nothing of a message whose end never comes', () =>
    attack({}, async (target) => {
      const socket = await target.rawPeer();
      socket.write(
        Buffer.concat([text('evil', false), clientFrame(CONTINUATION, Buffer.from('evil'), false)]),
      );
      const other = await target.open();
      await target.listener.messageFrom(other, 'after');
      should(target.messages.map(({ payload }) => payload)).eql(['after']);
    }));

  for (const [what, last] of [
    ['in the middle of a head', Buffer.from([0x81])],
    ['in the middle of a length', announcing(512n).subarray(0, 6)],
    ['in the middle of a mask', announcing(512n).subarray(0, 12)],
    ['in the middle of a payload', text('evil').subarray(0, -1)],
    ['between fragments', text('evil', false)],
  ] as const) {
    for (const how of ['reset', 'end'] as const) {
      it(`forgets a peer that goes ${what}, with a ${how === 'reset' ? 'RST' : 'FIN'}`, () =>
        attack({}, async (target) => {
          const disconnected = target.listener.next('disconnect');
          const socket = await target.rawPeer();
          await new Promise<void>((resolve) => socket.write(last, () => resolve()));
          if (how === 'reset') socket.resetAndDestroy();
          else socket.end();
          await disconnected;
          should(target.messages).eql([]);
        }));
    }
  }
});
