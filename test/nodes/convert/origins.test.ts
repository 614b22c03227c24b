import should from 'should';
import type { FlowEntry } from '../../../nodes/convert/flow-entry.js';
import { reachedFromElsewhere } from '../../../nodes/convert/origins.js';

function node(id: string, type: string, next: readonly string[] = [], more: object = {}): FlowEntry {
  return { id, type, z: 'f', wires: [next], ...more };
}

const OUT = node('out', 'websocket out');
const PEER = node('peer', 'websocket in', ['out']);

function isReached(...flow: readonly FlowEntry[]): boolean {
  return reachedFromElsewhere([OUT, ...flow], [OUT]).has('out');
}

describe('nodes: what reaches a websocket out', () => {
  it('is nothing else where all comes from peers, or nothing comes at all', () => {
    should(isReached()).be.false();
    should(isReached(PEER)).be.false();
    should(isReached(node('peer', 'websocket in', ['f']), node('f', 'function', ['out']))).be.false();
  });

  it('is something else where another node begins a message, directly or through others', () => {
    should(isReached(PEER, node('tick', 'inject', ['out']))).be.true();
    should(
      isReached(
        PEER,
        node('tick', 'inject', ['f']),
        node('f', 'function', ['j']),
        node('j', 'junction', ['out']),
      ),
    ).be.true();
    should(isReached(node('status', 'status', ['out'], { scope: ['peer'] }))).be.true();
  });

  it('is nothing else where that node is disabled, or leads elsewhere', () => {
    should(isReached(PEER, node('tick', 'inject', ['out'], { d: true }))).be.false();
    should(isReached(PEER, node('tick', 'inject', ['debug']), node('debug', 'debug'))).be.false();
  });

  it('comes through links', () => {
    const link = [
      node('lo', 'link out', [], { links: ['li'] }),
      node('li', 'link in', ['out'], { links: ['lo'] }),
    ];
    should(isReached(...link)).be.false();
    should(isReached(...link, node('tick', 'inject', ['lo']))).be.true();
    should(isReached(...link, node('peer', 'websocket in', ['lo']))).be.false();
    should(
      isReached(...link, node('tick', 'inject', ['call']), node('call', 'link call', [], { links: ['li'] })),
    ).be.true();
  });

  it('comes through subflows: into one, out of one, and straight through one', () => {
    const subflow = (more: object) => ({ id: 's', type: 'subflow', in: [], out: [], ...more });
    const into = [
      subflow({ in: [{ wires: [{ id: 'inner' }] }] }),
      node('inner', 'function', ['out'], { z: 's' }),
    ];
    const instance = node('instance', 'subflow:s');
    should(isReached(...into, instance)).be.false();
    should(isReached(...into, instance, node('tick', 'inject', ['instance']))).be.true();
    should(isReached(...into, instance, node('peer', 'websocket in', ['instance']))).be.false();

    const from = subflow({
      out: [{ wires: [{ id: 'peer', port: 0 }] }, { wires: [{ id: 'tick', port: 0 }] }],
    });
    const inside = [node('peer', 'websocket in', [], { z: 's' }), node('tick', 'inject', [], { z: 's' })];
    should(isReached(from, ...inside, node('instance', 'subflow:s', ['out']))).be.false();
    should(isReached(from, ...inside, { ...node('instance', 'subflow:s'), wires: [[], ['out']] })).be.true();

    const through = subflow({ in: [{ wires: [] }], out: [{ wires: [{ id: 's', port: 0 }] }] });
    const straight = node('instance', 'subflow:s', ['out']);
    should(isReached(through, straight, node('peer', 'websocket in', ['instance']))).be.false();
    should(isReached(through, straight, node('tick', 'inject', ['instance']))).be.true();
  });

  it('comes from the nodes that a catch or complete node watches', () => {
    const wired = [node('peer', 'websocket in', ['f']), node('f', 'function'), node('tick', 'inject')];
    should(isReached(...wired, node('catch', 'catch', ['out'], { scope: ['f'] }))).be.false();
    should(isReached(...wired, node('done', 'complete', ['out'], { scope: ['tick'] }))).be.true();
    should(isReached(...wired, node('catch', 'catch', ['out'], { scope: null }))).be.true();
  });

  it('is found in a circle too', () => {
    const circle = [node('a', 'function', ['b']), node('b', 'function', ['a', 'out'])];
    should(isReached(...circle)).be.false();
    should(isReached(...circle, node('tick', 'inject', ['a']))).be.true();
  });
});
