import { mock } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import should from 'should';
import { BoundedLog } from '../../../src/events/bounded.js';

describe('src/events/bounded', () => {
  let lines: string[];
  let log: BoundedLog<string>;
  let nowMs: number;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    lines = [];
    nowMs = 0;
    log = new BoundedLog(
      (event, more) => lines.push(more === 0 ? event : `${more} more: ${event}`),
      () => nowMs,
    );
  });
  afterEach(() => {
    log.close();
    mock.timers.reset();
  });

  function pass(ms: number): void {
    nowMs += ms;
    mock.timers.tick(ms);
  }
  function add(kind: string, times: number): void {
    for (let i = 0; i < times; i += 1) log.add(kind, kind);
  }

  it('writes ten lines of a kind, and says when their minute ends what was passed over', () => {
    add('a', 25);
    should(lines).eql(Array(10).fill('a'));
    pass(59_999);
    should(lines.length).equal(10);
    pass(1);
    should(lines.slice(10)).eql(['15 more: a']);
    pass(600_000);
    should(lines.length).equal(11);
  });

  it('hides no kind behind another', () => {
    add('noisy', 100_000);
    add('rare', 1);
    should(lines.at(-1)).equal('rare');
  });

  it('counts the minute from the first line of a kind, not from the first that was passed over', () => {
    add('a', 1);
    pass(50_000);
    add('a', 20);
    pass(10_000);
    should(lines.at(-1)).equal('11 more: a');
    add('a', 1);
    should(lines.at(-1)).equal('a');
  });

  it('begins anew after a minute, also where its timer is late', () => {
    add('a', 11);
    nowMs += 60_001; // nothing has run meanwhile
    add('a', 1);
    should(lines.slice(10)).eql(['1 more: a', 'a']);
    pass(120_000);
    should(lines.length).equal(12);
  });

  it('says what was passed over when it is closed, and nothing afterwards', () => {
    add('a', 12);
    log.close();
    should(lines.at(-1)).equal('2 more: a');
    pass(120_000);
    should(lines.length).equal(11);
  });

  it('is told the latest that was passed over', () => {
    for (let i = 0; i < 15; i += 1) log.add('a', `a${i}`);
    pass(60_000);
    should(lines.at(-1)).equal('5 more: a14');
  });
});

describe('src/events/bounded, with real timers', () => {
  it('has no timer where nothing was passed over, and one that keeps no process alive where something was', () => {
    const set: NodeJS.Timeout[] = [];
    const original = globalThis.setTimeout;
    const watched = mock.method(globalThis, 'setTimeout', (...given: Parameters<typeof original>) => {
      const timer = original(...given);
      set.push(timer);
      return timer;
    });
    const log = new BoundedLog<string>(() => {});
    for (let i = 0; i < 10; i += 1) log.add('a', 'a');
    should(set.length).equal(0);
    for (let i = 0; i < 1000; i += 1) log.add('a', 'a');
    watched.mock.restore();
    should(set.map((timer) => timer.hasRef())).eql([false]);
    log.close();
  });

  it('keeps nothing of 100,000 that it passes over but the latest', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const log = new BoundedLog<object>(() => {});
    const passedOver: WeakRef<object>[] = [];
    for (let i = 0; i < 100_000; i += 1) {
      const event = {};
      log.add('a', event);
      passedOver.push(new WeakRef(event));
    }
    await setImmediate(); // what a WeakRef was made for lives until the turn ends
    collect();
    should(passedOver.filter((reference) => reference.deref() !== undefined).length).equal(1);
    log.close();
  });
});
