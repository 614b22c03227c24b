import should from 'should';
import { Rates, secondsBetween } from '../../../src/live/rates.js';

const NOW = 1_000_000;

function counted(connections: number, received: number, sent = 0) {
  return { connections, received, sent };
}

describe('src/live/rates', () => {
  it('knows nothing before the second look', () => {
    const rates = new Rates();
    rates.look(NOW, counted(1, 100));
    should(rates.between(NOW - 2, NOW)).eql({
      connections: [null, null],
      received: [null, null],
      sent: [null, null],
    });
  });

  it('spreads what has come since the look before evenly', () => {
    const rates = new Rates();
    rates.look(NOW, counted(1, 100, 7));
    rates.look(NOW + 4, counted(3, 108, 7));
    should(rates.between(NOW, NOW + 4)).eql({
      connections: [3, 3, 3, 3],
      received: [2, 2, 2, 2],
      sent: [0, 0, 0, 0],
    });
  });

  it('counts nothing twice when several look in the same second', () => {
    const rates = new Rates();
    rates.look(NOW, counted(1, 0));
    rates.look(NOW + 1, counted(1, 5));
    rates.look(NOW + 1, counted(1, 9));
    rates.look(NOW + 2, counted(1, 10));
    should(rates.between(NOW, NOW + 2).received).eql([5, 5]);
  });

  it('says nothing of the time in which nobody looked', () => {
    const rates = new Rates();
    rates.look(NOW, counted(1, 0));
    rates.look(NOW + 60, counted(1, 6000));
    rates.look(NOW + 61, counted(1, 6001));
    should(rates.between(NOW + 58, NOW + 61).received).eql([null, null, 1]);
  });

  it('begins anew where the clock was set back', () => {
    const rates = new Rates();
    rates.look(NOW, counted(1, 0));
    rates.look(NOW - 100, counted(1, 50));
    rates.look(NOW - 99, counted(1, 53));
    should(rates.between(NOW - 101, NOW - 99).received).eql([null, 3]);
  });

  it('remembers 120 seconds, and no more is asked of it', () => {
    const rates = new Rates();
    for (let second = 0; second <= 300; second += 1) rates.look(NOW + second, counted(1, second * 3));
    const { received } = rates.between(0, NOW + 300);
    should(received).have.length(119);
    should(new Set(received)).eql(new Set([3]));
    should(secondsBetween(NOW, NOW)).eql([]);
  });
});
