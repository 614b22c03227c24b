import { assert, boolean, constantFrom, jsonValue, property, uint8Array } from 'fast-check';
import should from 'should';
import { KINDS, type Kind, readEnvelope, writeEnvelope } from '../../../src/cluster/envelope.js';

const kinds = constantFrom(...(Object.keys(KINDS) as Kind[])); // its own keys
const digests = uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) =>
  Buffer.from(bytes).toString('base64url'),
);

describe('src/cluster/envelope', () => {
  it('reads what it has written', () => {
    assert(
      property(
        kinds,
        boolean(),
        digests,
        jsonValue(),
        uint8Array(),
        (kind, isBinary, digest, value, bytes) => {
          const written = { kind, isBinary, digest, head: { value }, payload: Buffer.from(bytes) };
          const read = readEnvelope(Buffer.concat(writeEnvelope(written)));
          should(read).have.properties({ kind, isBinary, digest, payload: Buffer.from(bytes) });
          should(JSON.stringify(read?.head)).equal(JSON.stringify({ value }));
        },
      ),
    );
  });

  it('finds nothing in what it cannot read, and never fails', () => {
    should(readEnvelope(Buffer.alloc(0))).equal(undefined);
    should(readEnvelope(Buffer.alloc(14))).equal(undefined);
    assert(
      property(uint8Array({ maxLength: 64 }), (junk) => {
        const read = readEnvelope(Buffer.from(junk));
        if (read !== undefined) should(read.head).be.an.Object();
      }),
    );
    const [head] = writeEnvelope({ kind: 'beat', head: { a: 1 } });
    should(readEnvelope(head.subarray(0, head.length - 1))).equal(undefined);
  });
});
