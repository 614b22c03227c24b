import should from 'should';
import type { FlowEntry } from '../../../nodes/convert/flow-entry.js';
import { type Plan, planConversion } from '../../../nodes/convert/plan.js';

const NOTHING = new Set<string>();
const TAB = { id: 'f', type: 'tab' };
const LISTENER = { id: 'l', type: 'websocket-listener', path: '/ws' };
const CLIENT = { id: 'c', type: 'websocket-client', path: 'ws://peer' };

function input(id: string, properties: Record<string, unknown> = {}): FlowEntry {
  return { id, z: 'f', type: 'websocket in', server: '', client: '', wires: [[]], ...properties };
}
function output(id: string, properties: Record<string, unknown> = {}): FlowEntry {
  return { ...input(id, properties), type: 'websocket out' };
}
function ids({ configs, nodes }: Plan): string[] {
  return [...configs, ...nodes].map(({ id }) => id);
}

describe('nodes: what is converted', () => {
  const flow = [
    TAB,
    LISTENER,
    CLIENT,
    { id: 'unused', type: 'websocket-listener', path: '/unused' },
    input('i', { server: 'l' }),
    output('o', { server: 'l' }),
    output('p', { client: 'c' }),
    output('alone'),
    { id: 'd', z: 'f', type: 'debug', wires: [] },
  ];

  it('is everything when nothing is selected, config nodes first', () => {
    const plan = planConversion(flow, NOTHING);
    should(ids(plan)).eql(['l', 'c', 'unused', 'i', 'o', 'p', 'alone']);
    should(plan).containEql({ isSelection: false, added: 0, locked: 0, shared: 0 });
  });

  it('is everything when no built-in node is selected', () => {
    should(ids(planConversion(flow, new Set(['d'])))).eql(ids(planConversion(flow, NOTHING)));
  });

  it('is the selection and whoever shares a listener or client with it', () => {
    const plan = planConversion(flow, new Set(['i', 'd']));
    should(ids(plan)).eql(['l', 'i', 'o']);
    should(plan).containEql({ isSelection: true, added: 1 });
  });

  it('is what stands on a selected flow', () => {
    const other = [{ id: 'g', type: 'tab' }, input('far', { z: 'g', client: 'c' })];
    should(ids(planConversion([...flow, ...other], new Set(['g'])))).eql(['c', 'p', 'far']);
  });

  it('keeps nodes together that name both a listener and a client', () => {
    const both = [...flow, output('both', { server: 'l', client: 'c' })];
    should(ids(planConversion(both, new Set(['p'])))).eql(['l', 'c', 'i', 'o', 'p', 'both']);
  });

  it('leaves locked flows alone, and whoever shares a listener with them', () => {
    const locked = [...flow, { id: 'g', type: 'tab', locked: true }, input('far', { z: 'g', server: 'l' })];
    const plan = planConversion(locked, NOTHING);
    should(ids(plan)).eql(['c', 'unused', 'p', 'alone']);
    should(plan.locked).equal(4);
  });

  it('leaves a listener alone that another kind of node uses', () => {
    const plan = planConversion([...flow, { id: 'x', z: 'f', type: 'other', socket: 'l' }], NOTHING);
    should(ids(plan)).eql(['c', 'unused', 'p', 'alone']);
    should(plan.shared).equal(3);
  });

  it('leaves a listener alone that a property of a subflow names', () => {
    const env = [{ name: 'LISTENER', type: 'conf-type', value: 'l' }];
    const inside = input('far', { z: 's', server: '$(LISTENER)' });
    const plan = planConversion(
      [...flow, { id: 's', type: 'subflow', env: [] }, { id: 'x', z: 'f', type: 'subflow:s', env }, inside],
      NOTHING,
    );
    should(ids(plan)).eql(['c', 'unused', 'p', 'alone']);
    should(plan.shared).equal(4);
  });

  it('proposes the session for a listener, and the tenant where something else is sent too', () => {
    const wired = [
      TAB,
      LISTENER,
      { ...LISTENER, id: 'm' },
      { id: 'unused', type: 'websocket-listener', path: '/unused' },
      input('i', { server: 'l', wires: [['o']] }),
      output('o', { server: 'l' }),
      { id: 'tick', z: 'f', type: 'inject', wires: [['n', 'p']] },
      output('n', { server: 'm' }),
      output('p', { server: 'l', client: 'c' }),
    ];
    should([...planConversion(wired, NOTHING).proposals]).eql([
      ['l', 'session'],
      ['m', 'tenant'],
      ['unused', 'session'],
    ]);
  });

  it('does not mind nodes that name the converted ones only to watch them or to stand beside them', () => {
    const watcher = { id: 's', z: 'f', type: 'status', scope: ['i', 'l'], wires: [['o']] };
    const group = { id: 'g', z: 'f', type: 'group', nodes: ['i', 's'] };
    should(planConversion([...flow, watcher, group], NOTHING).shared).equal(0);
  });
});
