import {
  type Arbitrary,
  assert,
  constantFrom,
  dictionary,
  jsonValue,
  oneof,
  property,
  string,
  uint8Array,
} from 'fast-check';
import should from 'should';
import { decode, encode } from '../../../src/wire/message.js';

type Message = Record<string, unknown>;

const RESERVED = ['_session', '_linkSource', '__proto__'];

/** Names that peers like to choose, among all others. */
const name = oneof(
  string(),
  constantFrom(...RESERVED, 'payload', 'constructor', 'toString', 'hasOwnProperty', ''),
);

const message: Arbitrary<Message> = dictionary(name, jsonValue());

function overTheWire(sent: Message, wholeMessage: boolean): Message {
  const frame = encode(sent, wholeMessage);
  if (frame === undefined) throw new Error('nothing to send');
  return decode(Buffer.from(frame.payload as Buffer), frame.isBinary, wholeMessage);
}

describe('src/wire/message: for any message', () => {
  it('text that is sent is the text that arrives', () => {
    assert(
      property(string({ minLength: 1, unit: 'binary' }), (payload) => {
        should(overTheWire({ payload }, false)).eql({ payload });
      }),
    );
  });

  it('bytes that are sent are the bytes that arrive, in either mode of the receiver', () => {
    assert(
      property(uint8Array(), (payload) => {
        const frame = encode({ payload }, false);
        for (const whole of [true, false]) {
          const received = decode(Buffer.from(frame?.payload as Buffer), true, whole);
          should(Buffer.from(payload).equals(received.payload as Buffer)).equal(true);
        }
      }),
    );
  });

  it('an entire message arrives as it was, but for what no peer may say', () => {
    assert(
      property(message, (sent) => {
        const expected = Object.entries(sent).filter(([key]) => !RESERVED.includes(key));
        const received = overTheWire(sent, true);
        should(JSON.stringify(Object.entries(received).sort(byName))).equal(
          JSON.stringify(expected.sort(byName)),
        );
        should(Object.getPrototypeOf(received)).equal(Object.prototype);
      }),
    );
  });

  it('a payload that is not a text arrives as its JSON', () => {
    assert(
      property(jsonValue(), (payload) => {
        if (typeof payload === 'string') return;
        should(overTheWire({ payload }, false).payload).equal(JSON.stringify(payload));
      }),
    );
  });

  it('nothing that is sent is changed', () => {
    assert(
      property(message, jsonValue(), (fields, payload) => {
        const sent = { ...fields, payload };
        const before = JSON.stringify(sent);
        for (const whole of [true, false]) encode(Object.freeze(sent), whole);
        should(JSON.stringify(sent)).equal(before);
      }),
    );
  });

  it('any bytes at all become an object without reserved names', () => {
    const json = message.map((value) => Buffer.from(JSON.stringify(value)));
    assert(
      property(oneof(uint8Array().map(Buffer.from), json), (data) => {
        for (const isBinary of [true, false]) {
          for (const whole of [true, false]) {
            const received = decode(data, isBinary, whole);
            for (const key of RESERVED) should(Object.hasOwn(received, key)).equal(false);
          }
        }
      }),
    );
  });
});

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}
