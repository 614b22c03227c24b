import should from 'should';
import type { WebSocket } from 'ws';
import { Delivery } from '../../../src/listener/delivery.js';
import { Inbox } from '../../../src/listener/inbox.js';
import type { Connection } from '../../../src/sessions/connection.js';

/** How many reach a flow in one turn of the event loop. */
const PER_TURN = 32;

/** How many of one connection may wait. */
const MOST_WAITING = 32;

/** A connection as delivery sees one, without a socket. */
class Sender {
  readonly name: string;
  readonly inbox: Inbox;
  closing = false;
  paused = 0;
  sent = 0;

  constructor(name: string) {
    this.name = name;
    this.inbox = new Inbox(this as unknown as Connection, {} as unknown as WebSocket); // all that is asked of them
  }

  pause(): void {
    this.paused += 1;
  }

  resume(): void {
    this.paused -= 1;
  }
}

/** Notes what is delivered, such as `ann 0`: a connection's messages are counted. */
class World {
  readonly seen: string[] = [];
  readonly delivery = new Delivery({
    deliver: (data, _isBinary, origin) => this.seen.push(`${(origin as unknown as Sender).name} ${data}`),
  });

  receive(sender: Sender, count = 1, padding = 0): void {
    for (let i = 0; i < count; i += 1) {
      const data = Buffer.from(`${sender.sent++}${' '.repeat(padding)}`);
      this.delivery.receive(sender.inbox, data, false);
    }
  }

  /** Uses this turn up, so that whatever comes now has to wait. */
  useUp(): void {
    const others = new Sender('others');
    this.receive(others, PER_TURN);
    this.seen.length = 0;
  }
}

/** The next turn of the event loop, after whatever was to be done in it. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function numbered(name: string, from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => `${name} ${from + i}`);
}

describe('src/listener/delivery', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world.delivery.close());

  it('delivers a message that comes alone at once, however many came before it', async () => {
    const ann = new Sender('ann');
    for (let i = 0; i < 3 * PER_TURN; i += 1) {
      world.receive(ann);
      should(world.seen.at(-1)).equal(`ann ${i}`);
      await nextTurn();
    }
  });

  it('delivers so many in one turn of the event loop, the others in the next ones', async () => {
    const senders = Array.from({ length: 3 * PER_TURN - 1 }, (_, i) => new Sender(`${i}`));
    for (const sender of senders) world.receive(sender);
    for (const delivered of [PER_TURN, 2 * PER_TURN, senders.length]) {
      should(world.seen).eql(senders.slice(0, delivered).map(({ name }) => `${name} 0`));
      await nextTurn();
    }
    should(world.seen.length).equal(senders.length);
  });

  it('lets nothing that has just come overtake what waits', async () => {
    const [ann, bob] = [new Sender('ann'), new Sender('bob')];
    world.useUp();
    world.receive(ann, 2);
    world.receive(bob);
    await nextTurn();
    world.receive(ann);
    should(world.seen).eql(['ann 0', 'bob 0', 'ann 1', 'ann 2']);
  });

  it('lets a peer that says much wait, and not the others', async () => {
    const [flood, calm] = [new Sender('flood'), new Sender('calm')];
    world.useUp();
    world.receive(flood, MOST_WAITING);
    world.receive(calm, 2);
    await nextTurn();
    should(world.seen.slice(0, 4)).eql(['flood 0', 'calm 0', 'flood 1', 'calm 1']);
    await nextTurn();
    should(world.seen.filter((text) => text.startsWith('flood'))).eql(numbered('flood', 0, MOST_WAITING));
  });

  it('holds no more than so many messages of one connection: the oldest is delivered at once', () => {
    const flood = new Sender('flood');
    world.useUp();
    world.receive(flood, MOST_WAITING + 5);
    should(world.seen).eql(numbered('flood', 0, 5));
  });

  it('does not read from a connection while many of its messages wait', async () => {
    const flood = new Sender('flood');
    world.useUp();
    world.receive(flood, MOST_WAITING - 1);
    should(flood.paused).equal(0);
    world.receive(flood, 5);
    should(flood.paused).equal(1);
    await nextTurn();
    should(world.seen.length).equal(4 + MOST_WAITING);
    should(flood.paused).equal(0);
  });

  it('does not read from a connection while much of it waits', async () => {
    const bulky = new Sender('bulky');
    world.useUp();
    world.receive(bulky, 1, 64 * 1024 - 2);
    should(bulky.paused).equal(0);
    world.receive(bulky);
    should(bulky.paused).equal(1);
    await nextTurn();
    should(world.seen.length).equal(2);
    should(bulky.paused).equal(0);
  });

  it('delivers nothing of a connection that we have begun to close', async () => {
    const [ann, bob] = [new Sender('ann'), new Sender('bob')];
    world.useUp();
    world.receive(ann, 3);
    world.receive(bob);
    ann.closing = true;
    await nextTurn();
    should(world.seen).eql(['bob 0']);
    world.delivery.flush(ann.inbox);
    should(world.seen).eql(['bob 0']);
  });

  it('delivers what waits of one connection on request, once and before anything else', async () => {
    const [ann, bob] = [new Sender('ann'), new Sender('bob')];
    world.useUp();
    world.receive(ann);
    world.receive(bob, 2);
    world.delivery.flush(bob.inbox);
    should(world.seen).eql(['bob 0', 'bob 1']);
    await nextTurn();
    should(world.seen).eql(['bob 0', 'bob 1', 'ann 0']);
  });

  it('delivers nothing any more when it is closed, and holds nothing up', async () => {
    const ann = new Sender('ann');
    world.useUp();
    world.receive(ann, MOST_WAITING);
    should(ann.paused).equal(1);
    world.delivery.close();
    should([ann.paused, ann.inbox.isEmpty]).eql([0, true]);
    await nextTurn();
    await nextTurn();
    should(world.seen).eql([]);
  });

  it('goes on when delivering fails', async () => {
    const failing = new World();
    const delivery = new Delivery({
      deliver: (data) => {
        failing.seen.push(String(data));
        throw new Error('broken');
      },
    });
    const ann = new Sender('ann');
    for (let i = 0; i < PER_TURN; i += 1) {
      should(() => delivery.receive(ann.inbox, Buffer.from(`${i}`), false)).throw('broken');
    }
    delivery.receive(ann.inbox, Buffer.from('waits'), false);
    should(failing.seen.length).equal(PER_TURN);
    should(() => delivery.flush(ann.inbox)).throw('broken');
    should(failing.seen.at(-1)).equal('waits');
    await nextTurn();
    should(() => delivery.receive(ann.inbox, Buffer.from('at once'), false)).throw('broken');
    delivery.close();
  });
});
