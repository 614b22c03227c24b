import { randomBytes } from 'node:crypto';
import 'should';
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
      resolve('session', { id: LIVE }).should.eql({ kind: 'session', id: LIVE });
      resolve('session', { id: CLOSED, tenantId: 'acme' }).should.eql({ kind: 'session', id: CLOSED });
      const anonymous = { id: CLOSED_ANONYMOUS, tenantId: null };
      resolve('session', anonymous).should.eql({ kind: 'session', id: CLOSED_ANONYMOUS });
    });

    it('is an error for any other session', () => {
      for (const session of FORGED) resolve('session', session, 'acme').should.equal('send-no-session');
    });
  });

  describe('tenant', () => {
    it('names the tenant of a live session, whatever the message says of it', () => {
      for (const tenantId of ['acme', 'other', null, undefined, 42]) {
        resolve('tenant', { id: LIVE, tenantId }).should.eql(acme);
      }
    });

    it('names the tenant that the id of any other session proves', () => {
      resolve('tenant', { id: CLOSED, tenantId: 'acme' }).should.eql(acme);
      resolve('tenant', { id: CLOSED, tenantId: 'acme' }, 'house').should.eql(acme);
    });

    it('is an error for a session that proves nothing, where tokens name the tenants', () => {
      for (const session of FORGED) resolve('tenant', session).should.equal('send-no-session');
    });

    it('is the only tenant there can be for a session that proves nothing', () => {
      for (const session of FORGED) {
        resolve('tenant', session, 'house').should.eql({ kind: 'tenant', tenantId: 'house' });
        resolve('tenant', session, null).should.eql({ kind: 'anonymous' });
      }
    });

    it('lets an anonymous session reach anonymous connections only', () => {
      for (const session of [{ id: LIVE_ANONYMOUS }, { id: CLOSED_ANONYMOUS, tenantId: null }]) {
        resolve('tenant', session, null).should.eql({ kind: 'anonymous' });
        resolve('tenant', session).should.equal('send-no-tenant');
        resolve('tenant', session, 'house').should.equal('send-no-tenant');
      }
    });

    it('keeps a tenant from the anonymous connections of another listener', () => {
      resolve('tenant', { id: CLOSED, tenantId: 'acme' }, null).should.eql(acme);
    });
  });

  it('global names everybody, for any session', () => {
    for (const session of [...FORGED, { id: LIVE }])
      resolve('global', session).should.eql({ kind: 'global' });
  });
});
