import { randomBytes } from 'node:crypto';
import {
  type Arbitrary,
  anything,
  array,
  assert,
  constant,
  constantFrom,
  nat,
  oneof,
  property,
  record,
  string,
} from 'fast-check';
import should from 'should';
import type { RoutingScope } from '../../../src/config/listener-schema.js';
import { FanOut } from '../../../src/routing/fan-out.js';
import { resolveRecipients } from '../../../src/routing/recipients.js';
import type { Connection } from '../../../src/sessions/connection.js';
import { Registry } from '../../../src/sessions/registry.js';
import { createSessionIds } from '../../../src/sessions/session-id.js';
import { Traffic } from '../../../src/sessions/traffic.js';
import { SendError } from '../../../src/wire/send-error.js';
import { serverFrame } from '../../../src/wire/server-frame.js';

const sessionIds = createSessionIds(randomBytes(32));
const FRAME = serverFrame('x', false);

type Tenant = string | null;

const tenant: Arbitrary<Tenant> = oneof(
  constantFrom('acme', 'acme ', 'other', '__proto__', 'constructor', 'null', '', '0', '\ud800', 'a\0'),
  constant(null),
  string(),
);

/** A listener's connections, sessions of others that were once issued, and what a flow makes of one of them. */
const situation = record({
  live: array(tenant, { maxLength: 8 }),
  closed: array(tenant, { maxLength: 4 }),
  elsewhere: array(tenant, { maxLength: 4 }),
  claimed: oneof(tenant, constant('as issued' as const), anything()),
  pick: nat(),
  /** What is done to the id. */
  tamper: oneof(constantFrom('no', 'no', 'no', 'flip', 'cut', 'pad', 'swap', 'object'), string()),
  bit: nat(),
});

const RULES: readonly [string, Tenant | undefined][] = [
  ['where tokens name the tenants', undefined],
  ['where there is one tenant', 'house'],
  ['where all are anonymous', null],
];

/** Counts what it is sent. */
type Peer = Connection & { readonly received: { count: number } };

function connection(tenantId: Tenant): Peer {
  const id = sessionIds.issue(tenantId);
  const received = { count: 0 };
  const send = () => {
    received.count += 1;
  };
  return { id, identity: { tenantId }, received, traffic: new Traffic(), send } as unknown as Peer; // all that routing asks of one
}

describe('src/routing: for any session whatever', () => {
  for (const [where, onlyTenant] of RULES) {
    it(`a tenant-scoped send selects no connection of another tenant, ${where}`, () => {
      assert(
        property(situation, anything(), (world, more) => {
          const registry = new Registry();
          const issued = new Map<string, Tenant>();
          const of = (tenantId: Tenant) => (onlyTenant === undefined ? tenantId : onlyTenant);
          for (const one of world.live.map((name) => connection(of(name)))) {
            registry.add(one);
            issued.set(one.id, one.identity.tenantId);
          }
          for (const name of world.closed) issued.set(sessionIds.issue(of(name)), of(name));
          for (const name of world.elsewhere) issued.set(sessionIds.issue(name), name);

          const session = tampered(world, issued, more);
          const selected = select(registry, 'tenant', session, onlyTenant);
          const id = (session as { id?: unknown } | undefined)?.id;
          const rightful = typeof id === 'string' && issued.has(id) ? [issued.get(id)] : [];
          if (onlyTenant !== undefined) rightful.push(onlyTenant);
          for (const one of selected) should(rightful).containEql(one.identity.tenantId);
        }),
        { numRuns: 2000 },
      );
    });
  }

  it('a session-scoped send selects the connection of that id, or nobody', () => {
    assert(
      property(situation, anything(), (world, more) => {
        const registry = new Registry();
        const issued = new Map<string, Tenant>();
        for (const name of world.live) {
          const one = connection(name);
          registry.add(one);
          issued.set(one.id, name);
        }
        const session = tampered(world, issued, more);
        const selected = select(registry, 'session', session, undefined);
        should(selected.length).be.belowOrEqual(1);
        for (const one of selected) should(one.id).equal((session as { id: string }).id);
      }),
      { numRuns: 1000 },
    );
  });
});

/** Who gets what is sent. */
function select(
  registry: Registry,
  configured: RoutingScope,
  session: unknown,
  onlyTenant: Tenant | undefined,
): readonly Connection[] {
  const tenantOf = (id: string) => registry.get(id)?.identity.tenantId;
  try {
    const recipients = resolveRecipients(session, { configured, onlyTenant, tenantOf, sessionIds });
    new FanOut(registry, () => {}).send(FRAME, recipients, () => {});
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
  }
  const reached = [...registry.all()].filter((one) => (one as Peer).received.count > 0);
  for (const one of reached) should((one as Peer).received.count).equal(1);
  return reached;
}

type Situation = typeof situation extends Arbitrary<infer T> ? T : never;

function tampered(world: Situation, issued: ReadonlyMap<string, Tenant>, more: unknown): unknown {
  const ids = [...issued.keys()];
  const id = ids[world.pick % (ids.length || 1)];
  if (id === undefined) return more;
  const other = ids[world.bit % ids.length] ?? id;
  const claimed = world.claimed === 'as issued' ? issued.get(id) : world.claimed;
  return { ...Object(more), id: tamperedId(id, other, world), tenantId: claimed };
}

function tamperedId(id: string, other: string, { tamper, bit }: Situation): unknown {
  switch (tamper) {
    case 'no':
      return id;
    case 'flip': {
      const bytes = Buffer.from(id, 'base64url');
      const at = (bit >> 3) % bytes.length;
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (bit & 7)), at);
      return bytes.toString('base64url');
    }
    case 'cut':
      return id.slice(0, bit % id.length);
    case 'pad':
      return `${id}=`;
    case 'swap':
      return id.slice(0, 21) + other.slice(21);
    case 'object':
      return { toString: () => id };
    default:
      return tamper;
  }
}
