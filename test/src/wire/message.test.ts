import should from 'should';
import { decode, encode } from '../../../src/wire/message.js';

function decodeText(text: string, wholeMessage: boolean): Record<string, unknown> {
  return decode(Buffer.from(text), false, wholeMessage);
}

describe('src/wire/message', () => {
  describe('decode', () => {
    it('makes text a string and binary a Buffer', () => {
      should(decodeText('{"a":1}', false)).eql({ payload: '{"a":1}' });
      const data = Buffer.from([0, 255]);
      for (const whole of [true, false]) should(decode(data, true, whole)).eql({ payload: data });
    });

    it('makes a JSON object the message, in entire-message mode', () => {
      should(decodeText('{"payload":{"a":1},"topic":"t"}', true)).eql({
        payload: { a: 1 },
        topic: 't',
      });
    });

    it('makes any other JSON the payload, parsed, and any other text as it is', () => {
      for (const value of [[1, { _session: { id: 'x' } }], 42, 'text', true, false, null, [], '']) {
        should(decodeText(JSON.stringify(value), true)).eql({ payload: value });
      }
      for (const text of ['', 'hello', '{', '{"a":1', 'undefined', '[1,']) {
        should(decodeText(text, true)).eql({ payload: text });
      }
    });

    it('drops what a peer may not say of itself', () => {
      const message = decodeText(
        '{"_session":{"id":"x"},"_linkSource":[{}],"__proto__":{"admin":true},"payload":1}',
        true,
      );
      should(Object.getOwnPropertyNames(message)).eql(['payload']);
      should((message as { admin?: unknown }).admin).equal(undefined);
      should(Object.getPrototypeOf(message)).equal(Object.prototype);
      const escaped = decodeText('{"\\u005fsession":{"id":"x"},"\\u005f_proto__":{}}', true);
      should(Object.getOwnPropertyNames(escaped)).eql([]);
    });
  });

  describe('encode', () => {
    const payload = (value: unknown) => {
      const frame = encode({ payload: value }, false);
      return frame && { text: frame.payload.toString(), isBinary: frame.isBinary };
    };

    it('sends bytes as binary', () => {
      should(payload(Buffer.from('ab'))).eql({ text: 'ab', isBinary: true });
      should(payload(new Uint8Array([97, 98, 99]).subarray(1))).eql({ text: 'bc', isBinary: true });
      should(payload(new Uint16Array([0x6161]))).eql({ text: 'aa', isBinary: true });
      should(payload(new DataView(new Uint8Array([97]).buffer))).eql({ text: 'a', isBinary: true });
      should(payload(new Uint8Array([97]).buffer)).eql({ text: 'a', isBinary: true });
      should(payload(Buffer.alloc(0))).eql({ text: '', isBinary: true });
    });

    it('sends a string as text and anything else as JSON text', () => {
      should(payload('grüße')).eql({ text: 'grüße', isBinary: false });
      should(payload({ a: [1] })).eql({ text: '{"a":[1]}', isBinary: false });
      should(payload(0)).eql({ text: '0', isBinary: false });
      should(payload(false)).eql({ text: 'false', isBinary: false });
      should(payload(null)).eql({ text: 'null', isBinary: false });
    });

    it('sends nothing without a payload or with an empty string', () => {
      should(encode({}, false)).equal(undefined);
      should(encode({ topic: 'x' }, false)).equal(undefined);
      should(payload(undefined)).equal(undefined);
      should(payload('')).equal(undefined);
      should(encode(Object.create({ payload: 'inherited' }) as Record<string, unknown>, false)).equal(
        undefined,
      );
    });

    it('sends the message without its session, and does not change it, in entire-message mode', () => {
      const message = Object.freeze({
        payload: 1,
        topic: 't',
        _msgid: 'm',
        _session: Object.freeze({ id: 'x' }),
      });
      should(encode(message, true)?.payload.toString()).equal('{"payload":1,"topic":"t","_msgid":"m"}');
      should(encode({ payload: { _session: 1 } }, true)?.payload.toString()).equal(
        '{"payload":{"_session":1}}',
      );
    });

    it('throws on what cannot be serialised', () => {
      const circular: Record<string, unknown> = {};
      circular.self = circular;
      let deep: unknown[] = [];
      for (let i = 0; i < 100_000; i += 1) deep = [deep];
      for (const value of [circular, 1n, () => {}, Symbol('x'), { toJSON: () => undefined }, deep]) {
        should(() => encode({ payload: value }, false)).throw({ code: 'send-unserialisable' });
      }
      should(() => encode({ req: circular }, true)).throw({ code: 'send-unserialisable' });
    });
  });
});
