import { LONGEST_REVOCATION_SECONDS } from '../sessions/revocation.js';
import type { Selector, TokenSelector } from '../sessions/selector.js';
import { type ControlAction, ControlError, type ControlRequest } from './control.js';
import { type Members, membersOf } from './members.js';

/** How many connections a list has, and the most it may have. */
const LIMIT = { usual: 1000, max: 10_000 };

/** RFC 6455 §7.4.2 leaves these to applications. */
const CLOSE_CODES = { min: 4000, max: 4999 };
const USUAL_ENDING = { code: 4403, reason: 'disconnected' };

/** Of the reason in a close frame (RFC 6455 §5.5), in bytes. */
const MAX_REASON_BYTES = 123;

/** How long a revocation lasts: a day, and at most a year. */
const SECONDS = { usual: 86_400, max: LONGEST_REVOCATION_SECONDS };

type Read = (members: Members) => ControlRequest;

const READERS: {
  readonly [Action in ControlAction]: { readonly names: readonly string[]; readonly read: Read };
} = {
  list: {
    names: ['session', 'tenantId', 'subject', 'jti', 'all', 'limit', 'after'],
    read: (members) => ({
      kind: 'list',
      selector: selectorOf(members) ?? { kind: 'everybody' },
      limit: members.integer('limit', 1, LIMIT.max) ?? LIMIT.usual,
      after: members.name('after'),
    }),
  },
  count: {
    names: ['session', 'tenantId', 'subject', 'jti', 'all'],
    read: (members) => ({ kind: 'count', selector: selectorOf(members) ?? { kind: 'everybody' } }),
  },
  disconnect: {
    names: ['session', 'tenantId', 'subject', 'jti', 'all', 'code', 'reason'],
    read: (members) => ({
      kind: 'disconnect',
      selector: somebody(selectorOf(members)),
      code: members.integer('code', CLOSE_CODES.min, CLOSE_CODES.max) ?? USUAL_ENDING.code,
      reason: members.text('reason', MAX_REASON_BYTES) ?? USUAL_ENDING.reason,
    }),
  },
  revoke: {
    names: ['tenantId', 'subject', 'jti', 'seconds'],
    read: (members) => ({
      kind: 'revoke',
      tokens: somebody(tokensOf(members)),
      seconds: members.positive('seconds', SECONDS.max) ?? SECONDS.usual,
    }),
  },
  restore: {
    names: ['tenantId', 'subject', 'jti'],
    read: (members) => ({ kind: 'restore', tokens: somebody(tokensOf(members)) }),
  },
  revocations: { names: [], read: () => ({ kind: 'revocations' }) },
  address: {
    names: ['tenantId'],
    read: (members) => {
      const tenantId = members.name('tenantId');
      if (tenantId === undefined) throw new ControlError('control-member', { member: 'tenantId' });
      return { kind: 'address', tenantId };
    },
  },
  connect: {
    names: ['url', 'token'],
    read: (members) => {
      const url = members.name('url');
      const token = members.name('token');
      return {
        kind: 'connect',
        ...(url === undefined ? {} : { url }),
        ...(token === undefined ? {} : { token }),
      };
    },
  },
  close: { names: [], read: () => ({ kind: 'close' }) },
};

/**
 * Reads what a message asks for.
 * @param action its name
 * @param payload what the action needs to know: an object, or a session id
 * @throws ControlError
 */
export function readControlRequest(action: unknown, payload: unknown): ControlRequest {
  const reader = isAction(action) ? READERS[action] : undefined;
  if (reader === undefined) throw new ControlError('control-action');
  return reader.read(membersOf(payload, reader.names));
}

/** Whether there is an action of that name. */
export function isAction(name: unknown): name is ControlAction {
  return typeof name === 'string' && Object.hasOwn(READERS, name);
}

/** Undefined where nobody is named. */
function selectorOf(members: Members): Selector | undefined {
  const session = members.name('session');
  const tokens = tokensOf(members);
  if (members.isTrue('all')) {
    // everybody and somebody at once is a mistake, and which one is anybody's guess
    if (session !== undefined || tokens !== undefined)
      throw new ControlError('control-member', { member: 'all' });
    return { kind: 'everybody' };
  }
  if (session === undefined) return tokens && { kind: 'matching', ...tokens };
  return { kind: 'matching', session, ...tokens };
}

function tokensOf(members: Members): TokenSelector | undefined {
  const tenantId = members.nameOrNull('tenantId');
  const subject = members.text('subject');
  const jti = members.text('jti');
  if (tenantId === undefined && subject === undefined && jti === undefined) return undefined;
  return {
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(subject === undefined ? {} : { subject }),
    ...(jti === undefined ? {} : { jti }),
  };
}

/** @throws ControlError where nobody is named */
function somebody<T>(named: T | undefined): T {
  if (named === undefined) throw new ControlError('control-nobody');
  return named;
}
