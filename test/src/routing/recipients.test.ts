import { randomBytes } from 'node:crypto';
import should from 'should';
import type { RoutingScope } from '../../../src/config/listener-schema.js';
import { type Recipients, resolveRecipients } from '../../../src/routing/recipients.js';
import { createSessionIds } from '../../../src/sessions/session-id.js';

const sessionIds = createSessionIds(randomBytes(32));

const LIVE = sessionIds.issue('acme');
const CLOSED = sessionIds.issue('acme');
const LIVE_ANONYMOUS = sessionIds.issue(null);
const CLOSED_ANONYMOUS = sessionIds.issue(null);

function resolve(
  configured: RoutingScope,
  session: unknown,
  onlyTenant?: string | null,
): Recipients | 'send-no-session' | 'send-no-tenant' {
  const live = new Map<string, string | null>([
    [LIVE, 'acme'],
    [LIVE_ANONYMOUS, null],
  ]);
  try {
    return resolveRecipients(session, { configured, onlyTenant, tenantOf: (id) => live.get(id), sessionIds });
  } catch (error) {
    return (error as { code: 'send-no-session' }).code;
  }
}

const acme = { kind: 'tenant', tenantId: 'acme' };

/** Sessions that this runtime did not issue, or that were tampered with. */
const FORGED: unknown[] = [
  undefined,
  null,
  'text',
  42,
  [],
  {},
  { id: 42, tenantId: 'acme' },
  { id: 'x', tenantId: 'acme' },
  { id: '__proto__', tenantId: 'acme' },
  { id: CLOSED, tenantId: 'other' },
  { id: CLOSED, tenantId: null },
  { id: CLOSED },
  { id: CLOSED, tenantId: ['acme'] },
  { id: CLOSED, tenantId: { toString: () => 'acme' } },
  { id: CLOSED_ANONYMOUS, tenantId: 'acme' },
  { tenantId: 'acme' },
  { type: 'websocket', id: 'f00', authStatus: 'none' },
];

describe('src/routing/recipients', () => {
  describe('session', () => {
    it('names the connection of a session that this runtime issued, open or not', () => {
      should(resolve('session', { id: LIVE })).eql({ kind: 'session', id: LIVE });
      should(resolve('session', { id: CLOSED, tenantId: 'acme' })).eql({ kind: 'session', id: CLOSED });
      const anonymous = { id: CLOSED_ANONYMOUS, tenantId: null };
      should(resolve('session', anonymous)).eql({ kind: 'session', id: CLOSED_ANONYMOUS });
    });

    it('is an error for any other session', () => {
      for (const session of FORGED) should(resolve('session', session, 'acme')).equal('send-no-session');
    });
  });

  describe('tenant', () => {
    it('names the tenant of a live session, whatever the message says of it', () => {
      for (const tenantId of ['acme', 'other', null, undefined, 42]) {
        should(resolve('tenant', { id: LIVE, tenantId })).eql(acme);
      }
    });

    it('names the tenant that the id of any other session proves', () => {
      should(resolve('tenant', { id: CLOSED, tenantId: 'acme' })).eql(acme);
      should(resolve('tenant', { id: CLOSED, tenantId: 'acme' }, 'house')).eql(acme);
    });

    it('is an error for a session that proves nothing, where tokens name the tenants', () => {
      for (const session of FORGED) should(resolve('tenant', session)).equal('send-no-session');
    });

    it('is the only tenant there can be for a session that proves nothing', () => {
      for (const session of FORGED) {
        should(resolve('tenant', session, 'house')).eql({ kind: 'tenant', tenantId: 'house' });
        should(resolve('tenant', session, null)).eql({ kind: 'anonymous' });
      }
    });

    it('lets an anonymous session reach anonymous connections only', () => {
      for (const session of [{ id: LIVE_ANONYMOUS }, { id: CLOSED_ANONYMOUS, tenantId: null }]) {
        should(resolve('tenant', session, null)).eql({ kind: 'anonymous' });
        should(resolve('tenant', session)).equal('send-no-tenant');
        should(resolve('tenant', session, 'house')).equal('send-no-tenant');
      }
    });

    it('keeps a tenant from the anonymous connections of another listener', () => {
      should(resolve('tenant', { id: CLOSED, tenantId: 'acme' }, null)).eql(acme);
    });
  });

  it('global names everybody, for any session', () => {
    for (const session of [...FORGED, { id: LIVE }])
      should(resolve('global', session)).eql({ kind: 'global' });
  });
});
