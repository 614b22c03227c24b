import should from 'should';
import { type Stay, stayLoggedIn } from '../stay/stay.js';
import { wrongWith } from '../stay/verdict.js';

/** Seconds. Dates in tokens are whole ones, so that a token may end one sooner than is said. */
const LIFE = 8;

const PLACEMENTS = ['header', 'message'] as const;

describe('a client with the tokens of a real provider, through tinyproxy, to a listener in another Node-RED', () => {
  const stays = new Map<string, Stay | undefined>();

  before(async function () {
    this.timeout(120_000);
    const stay = async (placement: (typeof PLACEMENTS)[number]) =>
      stays.set(placement, await stayLoggedIn({ placement, lifeSeconds: LIFE, tokens: 4 }));
    await Promise.all(PLACEMENTS.map(stay));
  });

  for (const [placement, mostSockets, how] of [
    ['header', 2, 'by a second connection that takes over'],
    ['message', 1, 'on the connection that there is'],
  ] as const) {
    it(`stays logged in ${how}: no number is missing, none comes twice`, function () {
      const stay = stays.get(placement);
      if (stay === undefined) {
        console.log('      tinyproxy is not installed: apt-get install tinyproxy-bin');
        this.skip();
      }
      should(wrongWith(stay, mostSockets)).eql([]);
    });
  }
});
