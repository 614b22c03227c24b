import { anything, array, assert, property } from 'fast-check';
import should from 'should';
import { piecesOf, readPiece } from '../../../src/cluster/pieces.js';

describe('src/cluster/pieces', () => {
  it('hold all rows in their order, 500 and some 128 KiB at most in each, the last marked', () => {
    for (const [count, size, pieces] of [
      [0, 1, 1],
      [500, 1, 1],
      [501, 1, 2],
      [1500, 1, 3],
      [10, 60_000, 5],
      [3, 200_000, 3],
    ] as const) {
      const rows = Array.from({ length: count }, (_, index) => [index, 'x'.repeat(size)]);
      const made = [...piecesOf(rows)];
      should(made.length).equal(pieces, `${count} ${size}`);
      should(made.map(({ isLast }) => isLast).indexOf(true)).equal(pieces - 1);
      should(made.flatMap(({ payload }) => readPiece(payload) ?? [undefined])).eql(rows);
    }
  });

  it('are read as what JSON makes of any rows', () => {
    assert(
      property(array(anything({ maxDepth: 2 })), (rows) => {
        const told = rows.map((row) => JSON.parse(JSON.stringify([row])) as unknown);
        should([...piecesOf(told)].flatMap(({ payload }) => readPiece(payload) ?? [undefined])).eql(told);
      }),
    );
  });

  it('are none where they are no list, no JSON or too long', () => {
    for (const text of ['', '{}', 'null', '[1', '"x"', `[${Array(501).fill(1)}]`]) {
      should(readPiece(Buffer.from(text))).equal(undefined, text.slice(0, 9));
    }
  });
});
