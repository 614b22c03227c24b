import { assert, asyncProperty } from 'fast-check';
import should from 'should';
import type { EventPeer } from '../../support/runtime/event-peer.js';
import { stepsWith, take } from '../../support/runtime/event-steps.js';
import { EventWorld } from '../../support/runtime/event-world.js';

describe('nodes/event: whatever happens at once', function () {
  this.timeout(120_000);

  let world: EventWorld;
  before(async () => {
    world = await EventWorld.start();
  });
  after(() => world.stop());

  it('a flow sees of each connection: connect, its messages and renewals, disconnect, once and in this order', async () => {
    await assert(
      asyncProperty(stepsWith(['event', 'event', 'in', 'listener', 'everything']), async (steps) => {
        try {
          for (const one of steps) await take(world, one);
        } finally {
          for (const peer of await world.end()) check(peer, world.seenOf(peer));
        }
      }),
      { numRuns: 25, endOnFailure: true },
    );
  });
});

function check(peer: EventPeer, seen: readonly string[]): void {
  if (seen.length === 0 && !peer.isIn) return;
  const told = `${peer.subject} said ${peer.said}, seen: ${seen.join(' ')}`;
  should(seen[0]).equal('connect', told);
  should(seen.at(-1)).equal('disconnect', told);
  const between = seen.slice(1, -1);
  const messages = between.filter((one) => one !== 'renewed').map(Number);
  const isOrdered = messages.every((one, index) => one > (messages[index - 1] ?? -1));
  should(isOrdered).equal(true, told);
  should(between.length - messages.length).be.aboveOrEqual(peer.isDisturbed ? 0 : peer.renewed, told);
  if (!peer.isDisturbed) should(messages.length).equal(peer.said, told);
}
