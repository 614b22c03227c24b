import should from 'should';
import { exchange } from './exchange.js';
import { talk } from './talk.js';

const BYTES = 64;
const PER_TENANT = 2;
const WHOLE = exchange('plain', BYTES, false).answer;

describe('bench: talk', () => {
  for (const [order, next] of [
    ['the order of its sending', 0],
    ['the opposite order', -1],
  ] as const) {
    it(`has one message of a tenant under way at most, and counts each once, heard in ${order}`, async () => {
      const room = new Room(3);
      const talking = talk(room.peers, 'plain', { ms: 20, bytes: BYTES, tenants: 3, perTenant: PER_TENANT });
      let deliveries = 0;
      while (room.underWay.length > 0) {
        should(new Set(room.underWay).size).equal(room.underWay.length);
        room.deliver(next);
        deliveries += 1;
      }
      const { sends } = await talking;
      should(sends).equal(deliveries);
    });
  }

  it('has the members of a tenant speak in turn', async () => {
    const room = new Room(1);
    const talking = talk(room.peers, 'plain', { ms: 5, bytes: BYTES, tenants: 1, perTenant: PER_TENANT });
    while (room.underWay.length > 0) room.deliver(0);
    await talking;
    should(room.spoke.slice(0, 4)).eql([0, 1, 0, 1]);
  });

  it('refuses more tenants at once than there are', () => {
    const room = new Room(1);
    should(() => talk(room.peers, 'plain', { ms: 5, bytes: BYTES, tenants: 2, perTenant: PER_TENANT })).throw(
      RangeError,
    );
  });
});

/** Tenants whose messages arrive when they are told to. */
class Room {
  /** The tenants of what was sent and has not arrived, one for each message. */
  readonly underWay: number[] = [];
  /** Who spoke, by index. */
  readonly spoke: number[] = [];
  readonly peers;

  constructor(tenants: number) {
    this.peers = Array.from({ length: tenants * PER_TENANT }, (_, index) => ({
      onBytes: (_count: number, _bytes: Buffer) => {},
      write: () => {
        this.spoke.push(index);
        this.underWay.push(Math.floor(index / PER_TENANT));
      },
    }));
  }

  deliver(at: number): void {
    const [tenant = 0] = this.underWay.splice(at, 1);
    const members = this.peers.slice(tenant * PER_TENANT, (tenant + 1) * PER_TENANT);
    for (const member of members) member.onBytes(WHOLE.length, WHOLE);
  }
}
