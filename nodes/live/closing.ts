import type { ControlRequest } from '../../src/endpoint/control.js';
import type { Connection } from '../../src/sessions/connection.js';
import { LONGEST_REVOCATION_SECONDS } from '../../src/sessions/revocation.js';
import { type Matching, select, type TokenSelector } from '../../src/sessions/selector.js';
import { LiveRefusal } from './live-error.js';
import type { Whom } from './request.js';
import { findConnection, type ShownEntry } from './shown-entries.js';

/** So long after its `exp` a token may be good, in seconds: no listener and no issuer tolerates clocks that are off by more. */
const MAX_TOLERANCE_SECONDS = 300;

/** How a connection is closed that somebody wants gone; it may connect again. */
const ENDING = { code: 4403, reason: 'disconnected' } as const;

/**
 * Closes connections of these listeners.
 * @param block whether the token of one connection is refused, too, for as long as it would have been good
 * @returns how many
 * @throws LiveRefusal, or what a listener throws
 */
export async function closeThem(entries: readonly ShownEntry[], whom: Whom, block: boolean): Promise<number> {
  if (whom.kind === 'ref') {
    const [entry, connection] = findConnection(entries, whom.ref);
    return ask(entry, block ? revocationOf(connection) : disconnect({ session: connection.id }));
  }
  if (block) throw new LiveRefusal('bad-request');
  const { kind, ...named } = whom;
  const counts = entries.flatMap((entry) =>
    // one by one: what is shown, and asked about, are the connections of this instance
    select(entry.listener.connected, { kind: 'matching', ...named }).map(({ id }) =>
      ask(entry, disconnect({ session: id })),
    ),
  );
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

function disconnect(whom: Omit<Matching, 'kind'>): ControlRequest {
  return { kind: 'disconnect', selector: { kind: 'matching', ...whom }, ...ENDING };
}

/** Of its token, where that has a name; else of all that its subject was given until now. @throws LiveRefusal */
function revocationOf({ identity }: Connection): ControlRequest {
  const { claims, tenantId, subject } = identity;
  const { jti, exp } = claims;
  const leftSeconds =
    typeof exp === 'number'
      ? Math.ceil(exp - Date.now() / 1000) + MAX_TOLERANCE_SECONDS
      : LONGEST_REVOCATION_SECONDS;
  const seconds = Math.min(Math.max(1, leftSeconds), LONGEST_REVOCATION_SECONDS);
  return { kind: 'revoke', tokens: tokensOf(jti, tenantId, subject), seconds };
}

/** Never by a `jti` alone: another tenant's issuer may have given the same one. */
function tokensOf(jti: unknown, tenantId: string | null, subject: string | undefined): TokenSelector {
  const holder = { tenantId, ...(subject === undefined ? {} : { subject }) };
  if (typeof jti === 'string') return { ...holder, jti };
  if (subject === undefined) throw new LiveRefusal('live-no-block');
  return holder;
}

async function ask({ listener }: ShownEntry, request: ControlRequest): Promise<number> {
  const outcome = await listener.control(request);
  const payload: unknown = outcome.kind === 'payload' ? outcome.payload : undefined;
  const { disconnected } = Object(payload) as { readonly disconnected?: unknown };
  return typeof disconnected === 'number' ? disconnected : 0;
}
