import { mock } from 'node:test';
import fc from 'fast-check';
import type { Node, NodeAPI } from 'node-red';
import should from 'should';
import { logListener } from '../../../nodes/listener/log.js';
import { ConfigurationError } from '../../../src/config/codes.js';
import { Faulty } from '../../../src/endpoint/faulty.js';
import type { EndpointEvent } from '../../../src/events/events.js';
import { ObservedState } from '../../../src/events/state.js';
import { CLOSE, endedByPeer, troubleKey } from '../../../src/sessions/endings.js';
import { REFUSAL_CAUSES } from '../../../src/token/token-refused.js';

const SESSION = { type: 'websocket', id: 'x', authStatus: 'verified' } as const;
const address = fc.ipV4();

const refusal: fc.Arbitrary<EndpointEvent> = fc
  .record({ cause: fc.constantFrom(...REFUSAL_CAUSES), seconds: fc.nat(9), address })
  .map(({ cause, seconds, address }) => ({
    kind: 'refused',
    code: 'token_invalid',
    status: 401,
    because: { cause, seconds },
    problem: undefined,
    address,
  }));
const hookRefusal: fc.Arbitrary<EndpointEvent> = fc
  .record({ status: fc.integer({ min: 400, max: 405 }), address })
  .map((given) => ({ kind: 'refused', code: 'refused', because: undefined, problem: undefined, ...given }));
const ending: fc.Arbitrary<EndpointEvent> = fc
  .record({
    ended: fc.oneof(
      fc.constantFrom(...Object.values(CLOSE)),
      fc.constantFrom(1000, 1001, 1002, 1005, 1006, 1009, 4000).map(endedByPeer),
      fc.constantFrom(4000, 4403).map((code) => ({ by: 'flow' as const, code, reason: 'words of a flow' })),
    ),
    address,
  })
  .map(({ ended, address }) => ({
    kind: 'disconnect',
    state: { kind: 'empty' },
    session: SESSION,
    ...ended,
    address,
  }));
const step = fc.record({
  event: fc.oneof(refusal, hookRefusal, ending),
  times: fc.constantFrom(1, 2, 15, 200),
  pauseMs: fc.constantFrom(0, 0, 0, 20_000, 70_000),
});

describe('nodes/listener/log: for any sequence of refusals and closings', () => {
  it('writes the first line of each kind at once, ten of each in a minute, and one for all others', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const { log, events, tick, stop } = start();
        const minutes = new Map<string, number>();
        let lastMs = 0;
        for (const { event, times, pauseMs } of steps) {
          tick(pauseMs);
          lastMs += pauseMs;
          const kind = kindOf(event);
          const before = log.length;
          for (let i = 0; i < times; i += 1) events.emit(event);
          if (kind === undefined) {
            should(log.length).equal(before);
            continue;
          }
          const written = log.length - before;
          should(written).be.belowOrEqual(10);
          const begunMs = minutes.get(kind);
          if (begunMs !== undefined && lastMs - begunMs < 60_000) continue;
          minutes.set(kind, lastMs);
          should(written).equal(Math.min(times, 10));
        }
        const inAll = log.length;
        stop();
        should(log.length - inAll).be.belowOrEqual(minutes.size); // what is still to be said
        should(log.every((line) => line.startsWith('warn.'))).equal(true);
      }),
      { numRuns: 100 },
    );
  });
});

/** What has lines of its own; undefined for what has none. */
function kindOf(event: EndpointEvent): string | undefined {
  if (event.kind === 'refused') return event.because?.cause ?? String(event.status);
  if (event.kind !== 'disconnect' || event.code === CLOSE.serviceRestart.code) return undefined;
  if (event.by === 'peer' && ![1002, 1009].includes(event.code ?? 0)) return undefined;
  const { by = 'peer', code = 0, reason } = event;
  return `${by} ${troubleKey({ by, code, reason })}`;
}

/** A listener's log without a listener and without a Node-RED. */
function start() {
  mock.timers.enable({ apis: ['setTimeout'] });
  let nowMs = Math.floor(performance.now()); // fractions do not add up to a minute
  const { now } = performance;
  performance.now = () => nowMs;
  const log: string[] = [];
  const events = new ObservedState();
  class Observed extends Faulty {
    override observe(observer: (event: EndpointEvent) => void): () => void {
      return events.observe(observer);
    }
  }
  const RED = { _: (key: string) => key } as unknown as NodeAPI; // nothing else is asked of it
  const node = { warn: (line: string) => log.push(line) } as unknown as Node;
  const stopLog = logListener(RED, node, new Observed(new ConfigurationError('path-taken')), '/ws');
  return {
    log,
    events,
    tick(ms: number) {
      nowMs += ms;
      mock.timers.tick(ms);
    },
    stop() {
      stopLog();
      performance.now = now;
      mock.timers.reset();
    },
  };
}
