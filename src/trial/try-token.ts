import { ConfigurationError } from '../config/codes.js';
import type { ListenerOptions } from '../config/listener-options.js';
import { closeCodeFor } from '../handshake/refuse-by-close.js';
import { sessionOf } from '../sessions/session.js';
import { withSessionClaims } from '../token/session-claims.js';
import { issuedJudges } from './issued-judges.js';
import { type Judges, type Judging, judgeToken, refusedAs } from './judge-token.js';
import { ownJudges } from './own-judges.js';
import { checksOfMiddleware, checksOfRequest } from './request-checks.js';
import { DEFAULT_HEAD } from './request-head.js';
import type { TrialSettings } from './settings.js';
import type { Check, Trial, Verdict } from './trial.js';

/**
 * Says what a listener with these options would do with a token. The verdict is that of the handshake's own functions;
 * the checks beside it say why. What stands in settings.js for the user's own checks is not asked.
 * @throws ConfigurationError
 */
export async function tryToken(
  token: string,
  options: ListenerOptions,
  settings: TrialSettings = {},
): Promise<Trial> {
  const { maxTokenBytes, own, revoked, head = DEFAULT_HEAD } = settings;
  const before = checksOfRequest(options, settings);
  const judges = await judgesOf(options, settings);
  const trial = await judgeToken(token, judges, {
    maxTokenBytes,
    revoked,
    head: { ...head, places: options },
    accepted: sessionFor(options),
  });
  return {
    ...trial,
    verdict: verdictWith(before, trial.verdict, options),
    checks: [...before, ...trial.checks, ...checksOfMiddleware(own)],
  };
}

function judgesOf(options: ListenerOptions, settings: TrialSettings): Judges | Promise<Judges> {
  const { validation, tenant } = options;
  // it takes a request, of which there is none
  if (validation.kind === 'function') throw new ConfigurationError('verify-function');
  if (validation.kind !== 'issuers') return ownJudges(validation, options, settings);
  const { issuers = [], head = DEFAULT_HEAD } = settings;
  const named = validation.ids.map((id) => {
    const found = issuers.find(({ issuer }) => issuer.id === id);
    if (found === undefined) throw new ConfigurationError('issuer-broken');
    return found;
  });
  return issuedJudges(named, tenant, settings, head.path);
}

/** The session of a connection, as a flow is told of it. */
function sessionFor({ scope, sessionClaims }: ListenerOptions): Judging['accepted'] {
  return (identity) => {
    const told = withSessionClaims(identity, sessionClaims);
    return { kind: 'accepted', session: { ...sessionOf(told, '…', scope) } };
  };
}

/** A page that may not connect is refused before anybody looks for a token. */
function verdictWith(before: readonly Check[], ofToken: Verdict, options: ListenerOptions): Verdict {
  const { refusal, tokenSources } = options;
  const origin = before.find(({ name, result }) => name === 'origin' && result === 'failed');
  if (origin !== undefined) return told(refusedAs('origin_forbidden'), refusal === 'close');
  const comesLater = tokenSources.length > 0 && tokenSources.every((source) => source === 'message');
  return told(ofToken, refusal === 'close' || comesLater);
}

/** On a WebSocket that is open already, and where the listener refuses so, a code tells it. */
function told(verdict: Verdict, byClose: boolean): Verdict {
  if (verdict.kind !== 'refused' || !byClose) return verdict;
  const closeCode = closeCodeFor(verdict.status);
  return closeCode === undefined ? verdict : { ...verdict, closeCode };
}
