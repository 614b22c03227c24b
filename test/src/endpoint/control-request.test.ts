import { anything, assert, constantFrom, object, oneof, property, string } from 'fast-check';
import should from 'should';
import { ControlError } from '../../../src/endpoint/control.js';
import { readControlRequest } from '../../../src/endpoint/control-request.js';

const ACTIONS = [
  'list',
  'count',
  'disconnect',
  'revoke',
  'restore',
  'revocations',
  'address',
  'connect',
  'close',
];

describe('src/endpoint/control-request', () => {
  for (const [action, payload, expected] of [
    ['list', undefined, { kind: 'list', selector: { kind: 'everybody' }, limit: 1000 }],
    [
      'list',
      { tenantId: null, limit: 5, after: 'x' },
      { selector: { tenantId: null }, limit: 5, after: 'x' },
    ],
    ['count', {}, { kind: 'count', selector: { kind: 'everybody' } }],
    ['count', 'id', { selector: { kind: 'matching', session: 'id' } }],
    ['disconnect', 'id', { selector: { session: 'id' }, code: 4403, reason: 'disconnected' }],
    [
      'disconnect',
      { all: true, code: 4000, reason: '' },
      { selector: { kind: 'everybody' }, code: 4000, reason: '' },
    ],
    ['revoke', { jti: 'x' }, { kind: 'revoke', tokens: { jti: 'x' }, seconds: 86_400 }],
    [
      'revoke',
      { subject: '', tenantId: 'a', seconds: 1 },
      { tokens: { subject: '', tenantId: 'a' }, seconds: 1 },
    ],
    ['restore', { subject: 'ann' }, { kind: 'restore', tokens: { subject: 'ann' } }],
    ['revocations', 1234, { kind: 'revocations' }],
    ['address', { tenantId: 'acme' }, { kind: 'address', tenantId: 'acme' }],
    ['connect', { url: 'wss://x', token: 'y' }, { kind: 'connect', url: 'wss://x', token: 'y' }],
    ['close', null, { kind: 'close' }],
  ] as const) {
    it(`reads ${action} ${JSON.stringify(payload)}`, () => {
      should(readControlRequest(action, payload)).match(expected);
    });
  }

  for (const [action, payload, code, member] of [
    ['explode', {}, 'control-action', undefined],
    ['toString', {}, 'control-action', undefined],
    [undefined, {}, 'control-action', undefined],
    ['disconnect', undefined, 'control-nobody', undefined],
    ['disconnect', '', 'control-nobody', undefined],
    ['disconnect', {}, 'control-nobody', undefined],
    ['disconnect', { code: 4001 }, 'control-nobody', undefined],
    ['disconnect', { all: false }, 'control-member', 'all'],
    ['disconnect', { all: true, subject: 'ann' }, 'control-member', 'all'],
    ['disconnect', { subject: undefined, tenantId: 'acme' }, 'control-member', 'subject'],
    ['disconnect', { tenantId: '' }, 'control-member', 'tenantId'],
    ['disconnect', { session: null }, 'control-member', 'session'],
    ['disconnect', { session: 'x', code: 1000 }, 'control-member', 'code'],
    ['disconnect', { session: 'x', code: '4000' }, 'control-member', 'code'],
    ['disconnect', { session: 'x', reason: 'é'.repeat(62) }, 'control-member', 'reason'],
    ['disconnect', { session: 'x', force: true }, 'control-member', 'force'],
    ['disconnect', { session: 'x', 'to\nken': true }, 'control-member', 'payload'],
    ['disconnect', ['x'], 'control-member', 'payload'],
    ['disconnect', Buffer.from('x'), 'control-member', 'payload'],
    ['count', 1_700_000_000_000, 'control-member', 'payload'],
    ['count', null, 'control-member', 'payload'],
    ['list', { limit: 10_001 }, 'control-member', 'limit'],
    ['list', { limit: 0 }, 'control-member', 'limit'],
    ['list', { limit: 1.5 }, 'control-member', 'limit'],
    ['revoke', {}, 'control-nobody', undefined],
    ['revoke', { seconds: 5 }, 'control-nobody', undefined],
    ['revoke', 'id', 'control-member', 'session'],
    ['revoke', { subject: 'ann', seconds: 0 }, 'control-member', 'seconds'],
    ['revoke', { subject: 'ann', seconds: 31_536_001 }, 'control-member', 'seconds'],
    ['revoke', { subject: 'ann', seconds: Number.NaN }, 'control-member', 'seconds'],
    ['restore', undefined, 'control-nobody', undefined],
    ['address', {}, 'control-member', 'tenantId'],
    ['address', { tenantId: null }, 'control-member', 'tenantId'],
    ['connect', { url: 5 }, 'control-member', 'url'],
  ] as const) {
    it(`refuses ${action} ${JSON.stringify(payload)}: ${code} ${member ?? ''}`, () => {
      should(() => readControlRequest(action, payload)).throw({ code, member });
    });
  }

  it('reads or refuses anything at all, and never takes it for everybody where that ends something', () => {
    const action = oneof(constantFrom(...ACTIONS), string(), anything());
    const payload = oneof(
      anything(),
      object({ key: constantFrom('all', 'session', 'tenantId', 'subject', 'jti', 'x') }),
    );
    assert(
      property(action, payload, (name, value) => {
        try {
          const request = readControlRequest(name, value);
          if (request.kind !== 'disconnect' || request.selector.kind !== 'everybody') return;
          should((value as { readonly all?: unknown }).all).equal(true);
        } catch (error) {
          should(error).be.instanceOf(ControlError);
          const { code, member } = error as ControlError;
          should(member !== undefined).equal(code === 'control-member');
        }
      }),
      { numRuns: 3000 },
    );
  });
});
