import { REJECTIONS, Rejection, type RejectionCode } from '../handshake/rejection.js';
import type { RevokedTokens } from '../handshake/revocable.js';
import { KeysFunctionFailed } from '../keys/keys-function.js';
import type { Identify } from '../token/identify.js';
import type { Identity } from '../token/identity.js';
import { TokenRefused } from '../token/token-refused.js';
import { type FindParty, KeysFunctionLate } from './party.js';
import { headFit, type RequestHead } from './request-head.js';
import { explainToken } from './token-checks.js';
import type { Trial, Verdict } from './trial.js';

/** Who decides about a token. */
export interface Judges {
  /** The handshake's own function, which gives the verdict. */
  readonly identify: Identify;
  /** The time by which it judges. */
  readonly at: Date;
  /** Says why. */
  readonly find: FindParty;
  /** Lets go of timers and requests. */
  close(): void;
}

export interface Judging {
  readonly maxTokenBytes?: number | undefined;
  readonly head: RequestHead;
  /** A token that is good is asked for here, too. */
  readonly revoked?: RevokedTokens | undefined;
  /** The verdict on a token that is good. */
  accepted(identity: Identity): Verdict;
}

/** Has a token judged, and the verdict explained. `judges` are closed afterwards. */
export async function judgeToken(token: string, judges: Judges, judging: Judging): Promise<Trial> {
  const { identify, at } = judges;
  try {
    const verdict = await verdictOn(token, judges, judging);
    const explained =
      identify.kind === 'anonymous' ? { checks: [] } : await explainToken(token, { ...judging, ...judges });
    return { verdict, at: Math.floor(at.getTime() / 1000), ...explained };
  } finally {
    judges.close();
  }
}

/** The verdict that stands in the table of refusals. */
export function refusedAs(code: RejectionCode): Verdict & { readonly kind: 'refused' } {
  return { kind: 'refused', code, status: REJECTIONS[code].status };
}

async function verdictOn(token: string, { identify }: Judges, judging: Judging): Promise<Verdict> {
  const { head, revoked, accepted } = judging;
  if (identify.kind === 'anonymous') return accepted(identify.identity);
  if (headFit(token, head) === 'over') return { kind: 'refused', code: 'head_too_large', status: 431 };
  try {
    const identity = await identify.verify(token);
    await revoked?.loading;
    revoked?.check(identity);
    return accepted(identity);
  } catch (error) {
    if (error instanceof Rejection) return refusedAs(error.code);
    if (error instanceof KeysFunctionLate) return refusedAs('handshake_timeout');
    if (error instanceof KeysFunctionFailed) return refusedAs('verification_failed');
    if (!(error instanceof TokenRefused)) throw error;
    const { code, because } = error;
    return because === undefined ? refusedAs(code) : { ...refusedAs(code), because };
  }
}
