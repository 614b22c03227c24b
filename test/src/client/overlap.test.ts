import fc from 'fast-check';
import should from 'should';
import { Overlap } from '../../../src/client/overlap.js';

describe('src/client/overlap', () => {
  const text = (value: string) => Buffer.from(value);

  it('knows a message again, once', () => {
    const overlap = new Overlap();
    overlap.delivered(text('a'), false);
    should(overlap.repeats(text('b'), false)).equal(false);
    should(overlap.repeats(text('a'), false)).equal(true);
    should(overlap.repeats(text('a'), false)).equal(false);
  });

  it('tells text and binary apart', () => {
    const overlap = new Overlap();
    overlap.delivered(text('a'), false);
    should(overlap.repeats(text('a'), true)).equal(false);
  });

  it('loses nothing and repeats nothing of a stream, wherever the new connection joins and the old one ends', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 30 }),
        fc.array(fc.nat(30), { minLength: 3, maxLength: 3 }),
        (stream, points) => {
          const [asked = 0, joined = 0, ended = 0] = points
            .map((at) => Math.min(at, stream.length))
            .sort((a, b) => a - b);
          const overlap = new Overlap();
          const delivered = stream.slice(0, ended);
          for (const one of stream.slice(asked, ended)) overlap.delivered(text(one), false);
          for (const one of stream.slice(joined)) if (!overlap.repeats(text(one), false)) delivered.push(one);
          should(delivered).eql(stream);
        },
      ),
    );
  });

  it('keeps apart what was for one of the two alone', () => {
    const overlap = new Overlap();
    for (const one of ['for the old', 'to both', 'for the old, too']) overlap.delivered(text(one), false);
    const heard = ['for the new', 'to both', 'later'].filter((one) => !overlap.repeats(text(one), false));
    should(heard).eql(['for the new', 'later']);
  });

  it('remembers no more than so many', () => {
    const overlap = new Overlap();
    for (let i = 0; i <= 10_000; i += 1) overlap.delivered(text(String(i)), false);
    should(overlap.repeats(text('0'), false)).equal(false);
    should(overlap.repeats(text('1'), false)).equal(true);
  });
});
