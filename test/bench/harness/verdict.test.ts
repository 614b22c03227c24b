import should from 'should';
import type { PeerName } from '../peers/peer-spec.js';
import { type Figure, FigureUnderWay, type Sample } from './figure.js';
import { judge, judgePromotion } from './verdict.js';

const NAME = 'echo 1000 x 1 KiB text';

describe('bench: verdicts', () => {
  const goal = { figure: NAME, than: { peer: 'core' }, atLeast: 1.15 } as const;

  it('are given run by run: a goal is met where no run misses it', () => {
    const figures = figuresOf(figure(NAME, { ours: rates(120, 130, 115), core: rates(100, 100, 100) }));
    should(judge(goal, figures)).eql({ wanted: '>= 1.15 x core', runs: 3, missed: 0 });
    const slower = figuresOf(figure(NAME, { ours: rates(120, 114, 114), core: rates(100, 100, 10) }));
    should(judge(goal, slower)).eql({ wanted: '>= 1.15 x core', runs: 3, missed: 1 });
  });

  it('compare a run of ours with the same run of a peer, where one did not start', () => {
    const measured = figure(NAME, { ours: rates(120, 60, 120), core: [] });
    measured.add('core', 1, { value: 100 });
    should(judge(goal, figuresOf(measured))).eql({ wanted: '>= 1.15 x core', runs: 1, missed: 1 });
  });

  it('miss where a figure drowned in noise: less than nothing is no memory', () => {
    const figures = figuresOf(figure('memory', { ours: rates(-5, 5, 5), core: rates(10, -10, 10) }));
    const atMost = { figure: 'memory', than: { peer: 'core' }, atMost: 1.15 } as const;
    should(judge(atMost, figures)).eql({ wanted: '<= 1.15 x core', runs: 3, missed: 2 });
  });

  it('are not given where the peer was not measured', () => {
    should(judge(goal, figuresOf(figure(NAME, { ours: rates(1) })))).equal(undefined);
    should(judge(goal, new Map())).equal(undefined);
  });

  it('judge what has no peer in its own unit, and figures of ours by each other', () => {
    const few = figure('few', { ours: rates(10, 10) });
    const many = figure('many', { ours: rates(9.5, 8) });
    const figures = figuresOf(few, many);
    const flat = { figure: 'many', than: { figure: 'few' }, atLeast: 0.9 } as const;
    should(judge(flat, figures)).eql({ wanted: '>= 0.9 x few', runs: 2, missed: 1 });
    const cap = { figure: 'many', than: 'absolute', atMost: 9 } as const;
    should(judge(cap, figures)).eql({ wanted: '<= 9', runs: 2, missed: 1 });
  });

  it('miss where one run of ours is in the bad mode, however fast', () => {
    const measured = figure(NAME, { ours: promoted(0, 49.9, 50, 800), core: promoted(900, 900, 900, 900) });
    should(judgePromotion(measured)).eql({ wanted: 'promoted < 50', runs: 4, missed: 2 });
  });

  it('allow with 5,000 connections what the built-in nodes promote in the same run', () => {
    const measured = figure('echo 5000 x 1 KiB text', {
      ours: promoted(200, 200, 0),
      core: promoted(200, 0, 870),
    });
    should(judgePromotion(measured)).eql({ wanted: 'promoted <= core', runs: 3, missed: 1 });
    const alone = figure('echo 5000 x 1 KiB text', { ours: promoted(1) });
    should(judgePromotion(alone)).equal(undefined);
  });

  it('miss where it is not known what a run promoted', () => {
    should(judgePromotion(figure(NAME, { ours: rates(1, 1) }))?.missed).equal(2);
    const blind = figure('echo 5000 x 1 KiB text', { ours: promoted(1, 1), core: rates(1, 1) });
    should(judgePromotion(blind)?.missed).equal(2);
  });

  it('know no limit for figures that are not echoes', () => {
    should(judgePromotion(figure('fan-out to 1000', { ours: promoted(900) }))).equal(undefined);
  });
});

function figure(name: string, peers: Partial<Record<PeerName, readonly Sample[]>>): FigureUnderWay {
  const made = new FigureUnderWay({ name, unit: 'messages/s' });
  for (const [peer, samples] of Object.entries(peers) as [PeerName, readonly Sample[]][]) {
    // the keys are PeerNames
    for (const [run, sample] of samples.entries()) made.add(peer, run, sample);
  }
  return made;
}

function figuresOf(...figures: readonly Figure[]): ReadonlyMap<string, Figure> {
  return new Map(figures.map((one) => [one.name, one]));
}

function rates(...values: readonly number[]): readonly Sample[] {
  return values.map((value) => ({ value }));
}

function promoted(...bytes: readonly number[]): readonly Sample[] {
  return bytes.map((promotedBytes) => ({ value: 1, promotedBytes }));
}
