import type { RevocationEntry } from '../sessions/revocation.js';
import type { Selector } from '../sessions/selector.js';
import type { Position } from './positions.js';

/** What one instance asks another. What has come of it is told in rows. */
export type Question =
  /** A row for each connection that comes after a position: its number, and what flows are told of it. */
  | (About & { readonly action: 'list'; readonly limit: number; readonly from?: Position | undefined })
  /** A row for each tenant: its id, and how many connections it has. */
  | (About & { readonly action: 'count' })
  /** One row: how many were ended. */
  | (About & { readonly action: 'disconnect'; readonly code: number; readonly reason: string })
  /** What a flow has done. One row: how many connections were ended, or whether something is good again, 1 or 0. */
  | { readonly action: 'revoke' | 'restore'; readonly entries: readonly RevocationEntry[] }
  /** One row, where it is known: the position of that connection. */
  | { readonly action: 'where'; readonly session: string };

/** Whom a question is about, as flows say it. */
interface About {
  readonly all?: true;
  readonly session?: string;
  readonly tenantId?: string | null;
  readonly subject?: string;
  readonly jti?: string;
}

export function about(selector: Selector): About {
  if (selector.kind === 'everybody') return { all: true };
  const { kind, ...members } = selector;
  return members;
}
