import should from 'should';
import { type Counts, Members } from '../../../src/cluster/members.js';

const LISTENERS = new Map([['l', { digest: 'd', connections: 3 }]]);
const ABOUT = { host: 'gateway', version: '2.1.0' };
const EXPIRE_MS = 8000;
const RETURN_MS = 17_000;
const TIMING = { expireMs: EXPIRE_MS, returnMs: RETURN_MS };

function counts(counted: number, tenants: [string, number][], more: Partial<Counts> = {}): Counts {
  return { listener: 'l', counted, tenants, isAnswer: false, isFirst: false, ...more };
}

describe('src/cluster/members', () => {
  it('adds up what the others have told, tenant by tenant', () => {
    const members = new Members(TIMING);
    for (const instance of ['a', 'b']) {
      should(
        members.beat(instance, { about: ABOUT, counted: 0, isReady: true, listeners: LISTENERS }, 0),
      ).equal('complete');
      members.counts(instance, counts(1, [['acme', 2]]));
    }
    members.counts(
      'a',
      counts(2, [
        ['acme', 1],
        ['globex', 5],
      ]),
    );
    should(members.countOf('l', 'acme')).equal(3);
    should(members.countOf('l', 'globex')).equal(5);
    should(members.countOf('l', 'initech')).equal(0);
    should(members.countOf('other', 'acme')).equal(0);
    should(members.connectionsOf('l', ['a', 'b'])).equal(6);
    should(members.connectionsOf('l', ['a', 'stranger'])).equal(3);
    members.counts('a', counts(3, [['acme', 0]]));
    should(members.countOf('l', 'acme')).equal(2);
  });

  it('tells of each what it calls itself, how many connections it has, and how long it is silent', () => {
    const members = new Members(TIMING);
    const listeners = new Map([...LISTENERS, ['other', { digest: 'x', connections: 4 }]]);
    members.beat('a', { about: ABOUT, counted: 0, isReady: true, listeners }, 100);
    should(members.views(1350)).eql([{ ...ABOUT, connections: 7, silentMs: 1250 }]);
    members.beat('a', { about: { host: '', version: '' }, counted: 0, isReady: true, listeners }, 1400);
    should(members.views(1400)).eql([{ host: '', version: '', connections: 7, silentMs: 0 }]);
  });

  it('asks for what it has missed: before it came, and where a message was lost', () => {
    const members = new Members(TIMING);
    should(members.beat('a', { about: ABOUT, counted: 7, isReady: true, listeners: LISTENERS }, 0)).equal(
      'missed',
    );
    members.counts('a', counts(7, [['acme', 2]], { isAnswer: true, isFirst: true }));
    members.counts('a', counts(7, [['globex', 1]], { isAnswer: true }));
    should(members.beat('a', { about: ABOUT, counted: 7, isReady: true, listeners: LISTENERS }, 0)).equal(
      'complete',
    );
    members.counts('a', counts(9, [['initech', 1]]));
    should(members.beat('a', { about: ABOUT, counted: 9, isReady: true, listeners: LISTENERS }, 0)).equal(
      'missed',
    );
    members.counts('a', counts(9, [['acme', 4]], { isAnswer: true, isFirst: true }));
    should(members.beat('a', { about: ABOUT, counted: 9, isReady: true, listeners: LISTENERS }, 0)).equal(
      'complete',
    );
    should(['acme', 'globex', 'initech'].map((tenant) => members.countOf('l', tenant))).eql([4, 0, 0]);
  });

  it('forgets a member that is silent, one that says good-bye, and a listener that is no more', () => {
    const members = new Members(TIMING);
    for (const instance of ['a', 'b', 'c']) {
      members.beat(instance, { about: ABOUT, counted: 0, isReady: true, listeners: LISTENERS }, 0);
      members.counts(instance, counts(1, [['acme', 1]]));
    }
    members.expire(0, true);
    members.beat('a', { about: ABOUT, counted: 1, isReady: true, listeners: LISTENERS }, EXPIRE_MS);
    members.beat('b', { about: ABOUT, counted: 1, isReady: true, listeners: new Map() }, EXPIRE_MS);
    members.expire(EXPIRE_MS, true);
    should(members.names).eql(['a', 'b', 'c']);
    members.expire(EXPIRE_MS + 1, true);
    should(members.names).eql(['a', 'b']);
    should(members.countOf('l', 'acme')).equal(1);
    members.gone('a');
    should(members.countOf('l', 'acme')).equal(0);
    members.counts('a', counts(2, [['acme', 9]])); // late
    should(members.countOf('l', 'acme')).equal(0);
  });

  it('waits after an outage for those who were there before, until they hear again or are silent for long', () => {
    const members = new Members(TIMING);
    for (const instance of ['a', 'b'])
      members.beat(instance, { about: ABOUT, counted: 0, isReady: false, listeners: LISTENERS }, 0);
    should(members.areBack).be.true();
    members.reconnected();
    should(members.areBack).be.false();
    members.expire(0, true);
    members.beat('a', { about: ABOUT, counted: 0, isReady: false, listeners: LISTENERS }, RETURN_MS);
    members.expire(RETURN_MS, true);
    should(members.names).eql(['a', 'b']);
    members.expire(RETURN_MS + 1, true); // b
    should(members.names).eql(['a']);
    should(members.areBack).be.false();
    members.beat('a', { about: ABOUT, counted: 0, isReady: true, listeners: LISTENERS }, RETURN_MS);
    should(members.areBack).be.true();
  });

  it('forgets nobody for being silent while it could not be heard, however long that lasts', () => {
    const members = new Members(TIMING);
    members.beat('a', { about: ABOUT, counted: 0, isReady: true, listeners: LISTENERS }, 0);
    members.expire(0, true);
    members.expire(5 * EXPIRE_MS, false);
    members.expire(10 * EXPIRE_MS, true);
    members.expire(11 * EXPIRE_MS, true);
    should(members.names).eql(['a']);
    members.expire(11 * EXPIRE_MS + 1, true);
    should(members.names).eql([]);
  });

  it('gives who has to come back after an outage the time for it from when he can be heard', () => {
    const members = new Members(TIMING);
    members.beat('a', { about: ABOUT, counted: 0, isReady: true, listeners: LISTENERS }, 0);
    members.expire(0, true);
    members.reconnected();
    members.expire(100_000, true);
    members.expire(100_000 + RETURN_MS, true);
    should(members.areBack).be.false();
    members.expire(100_000 + RETURN_MS + 1, true);
    should(members.areBack).be.true();
  });

  it('remembers 256 members at most', () => {
    const members = new Members(TIMING);
    for (let i = 0; i < 1000; i += 1)
      members.beat(String(i), { about: ABOUT, counted: 1, isReady: true, listeners: LISTENERS }, 0);
    should(members.names).have.length(256);
  });
});
