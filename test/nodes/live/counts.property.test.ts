import { assert, asyncProperty } from 'fast-check';
import should from 'should';
import type { LiveView, SessionPage } from '../../../nodes/live/protocol.js';
import { stepsWith, take } from '../../support/runtime/event-steps.js';
import { EventWorld, turn } from '../../support/runtime/event-world.js';

/** What is said of the listener `l`, in three places. */
interface Told {
  readonly rows: SessionPage['rows'];
  readonly connections: number;
  readonly received: number;
  readonly sent: number;
  readonly gauge: number;
}

describe('nodes/live, nodes/metrics: whatever happens at once', function () {
  this.timeout(120_000);

  let world: EventWorld;
  before(async () => {
    world = await EventWorld.start();
  });
  after(() => world.stop());

  it('the rows of sessions, the overview and the metrics agree with what peers did', async () => {
    await assert(
      // a listener that is made anew begins to count anew
      asyncProperty(stepsWith(['event', 'in']), async (steps) => {
        try {
          for (const one of steps) await take(world, one);
          await world.seen();
          await echoed();
          check(await told());
        } finally {
          await world.end();
        }
      }),
      { numRuns: 25, endOnFailure: true },
    );
  });

  /** Those whom nothing has disturbed hear all they said. */
  async function echoed(): Promise<void> {
    for (const peer of world.peers) {
      while (!peer.isDisturbed && peer.isThere && peer.echoed < peer.said) await turn();
    }
  }

  /** All of it at one moment: it is asked until nothing has changed meanwhile. */
  async function told(): Promise<Told> {
    const first = await ask();
    const second = await ask();
    return JSON.stringify(first) === JSON.stringify(second) ? second : told();
  }

  async function ask(): Promise<Told> {
    const { rows } = JSON.parse(await world.runtime.admin('/websocket-plus/live/l/sessions')) as SessionPage;
    const view = JSON.parse(await world.runtime.admin('/websocket-plus/live?since=0')) as LiveView;
    const metrics = await world.runtime.admin('/websocket-plus/metrics');
    const value = (series: string) =>
      Number(
        metrics
          .split('\n')
          .find((line) => line.startsWith(`websocket_plus_${series} `))
          ?.split(' ')[1],
      );
    return {
      rows,
      connections: view.listeners.find(({ id }) => id === 'l')?.connections ?? Number.NaN,
      received: value('messages_total{listener="/ws",direction="in"}'),
      sent: value('messages_total{listener="/ws",direction="out"}'),
      gauge: value('connections{listener="/ws"}'),
    };
  }

  function check({ rows, connections, gauge, received, sent }: Told): void {
    should(connections).equal(rows.length);
    should(gauge).equal(rows.length);
    const inRows = (of: 'received' | 'sent') => rows.reduce((sum, row) => sum + row[of].messages, 0);
    should(received).equal(inRows('received') + world.departed);
    should(sent).be.aboveOrEqual(inRows('sent'));
    for (const peer of world.peers.filter(({ isThere, isDisturbed }) => isThere && !isDisturbed)) {
      const row = rows.find(({ subject }) => subject === peer.subject);
      should(row?.received.messages).equal(peer.said);
      should(row?.sent.messages).equal(peer.said);
    }
  }
});
