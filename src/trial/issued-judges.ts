import type { TenantSource } from '../config/listener-options.js';
import type { Issuer } from '../keys/issuer.js';
import { issuerChooser } from '../keys/issuers.js';
import { withoutSlash } from '../token/rules/issuer.js';
import type { Unverified } from '../token/unverified.js';
import { createVerifyIssued, expectedBy } from '../token/verify-issued.js';
import { createVerifyToken } from '../token/verify-token.js';
import { failed, passed, quoted, skipped } from './check-results.js';
import type { Judges } from './judge-token.js';
import { type FindParty, onceFound, type Party, withinHandshake } from './party.js';
import { DEFAULT_TIMEOUT_MS, type TrialIssuer, type TrialSettings } from './settings.js';
import { failedFetch } from './shown-keys.js';
import type { Check, KeySet } from './trial.js';

/** An issuer whose keys are the same for verdict and explanation. */
interface OnTrial {
  readonly name: string;
  readonly options: Issuer['options'];
  readonly issuer: Issuer;
  readonly party: Party;
  /** Lets go of what was observed; the issuer itself is somebody else's. */
  close(): void;
}

/**
 * The issuers of a listener, of which a token's `iss` chooses one.
 * @param path the listener's
 * @throws ConfigurationError `issuers-same`
 */
export function issuedJudges(
  issuers: readonly TrialIssuer[],
  tenant: TenantSource,
  settings: TrialSettings,
  path: string,
): Judges {
  const all = issuers.map((one) => onTrial(one, tenant, settings, path));
  const choose = issuerChooser(all);
  const at = new Date();
  const { maxTokenBytes } = settings;
  const verify = createVerifyIssued(
    all.map(({ issuer }) => issuer),
    { tenant, path, maxTokenBytes, currentDate: at },
  );
  const find: FindParty = (unverified) => {
    if (unverified === undefined) return { checks: [skipped('chosen')] };
    const chosen = choose(unverified.header, unverified.claims);
    return chosen === undefined
      ? { checks: [ofNobody(unverified, all)] }
      : { checks: [ofOne(chosen)], party: chosen.party };
  };
  return { identify: { kind: 'token', verify }, at, find, close: () => closeAll(all) };
}

/** One issuer, whatever a token says of where it comes from. */
export function soleJudge(one: TrialIssuer, tenant: TenantSource, settings: TrialSettings): Judges {
  const { party, close } = onTrial(one, tenant, settings, '/');
  const at = new Date();
  const { maxTokenBytes } = settings;
  const verify = createVerifyToken({ ...party.expected, keys: party.keys, maxTokenBytes, currentDate: at });
  return { identify: { kind: 'token', verify }, at, find: () => ({ checks: [], party }), close };
}

function onTrial(
  { name, issuer }: TrialIssuer,
  tenant: TenantSource,
  { handshakeTimeoutMs = DEFAULT_TIMEOUT_MS }: TrialSettings,
  path: string,
): OnTrial {
  const { options } = issuer;
  const { source } = options;
  const keys = onceFound(withinHandshake(issuer.keysFor(path), source, handshakeTimeoutMs));
  let failure: KeySet | undefined;
  const close = issuer.observe((event) => {
    if (event.kind === 'keys-failed') failure = failedFetch(event);
    if (event.kind === 'keys-fetched') failure = undefined;
  });
  const secret =
    source.kind === 'secret' ? { secret: { text: source.secret, encoding: source.encoding } } : {};
  const party = { keys, expected: expectedBy(options, tenant), ...secret, keySet: () => failure };
  return { name, options, issuer: { ...issuer, keysFor: () => keys }, party, close };
}

function closeAll(all: readonly OnTrial[]): void {
  for (const { close } of all) close();
}

function ofOne({ name, options: { issuer } }: OnTrial): Check {
  const called = name.trim() || issuer;
  return issuer === '' && called === ''
    ? passed('chosen', 'rest')
    : passed('chosen', 'named', { name: called });
}

function ofNobody({ claims: { iss } }: Unverified, all: readonly OnTrial[]): Check {
  const expected = all
    .map(({ options: { issuer } }) => issuer)
    .filter((issuer) => issuer !== '')
    .join(', ');
  if (iss === undefined) return failed('chosen', 'missing', { expected });
  const near = all.find(
    ({ options: { issuer } }) => issuer !== '' && withoutSlash(issuer) === withoutSlash(iss),
  );
  return near === undefined
    ? failed('chosen', 'other', { found: quoted(iss), expected })
    : failed('chosen', 'slash', { found: quoted(iss), expected: near.options.issuer });
}
