import { isSecretAlgorithm } from '../config/algorithms.js';
import { ConfigurationError } from '../config/codes.js';
import type { IssuerOptions } from '../config/issuer-options.js';
import { hasPlaceholder, issuerFor, issuerShape } from '../config/issuer-template.js';

/** Something that belongs to an issuer. */
interface OfIssuer {
  readonly options: IssuerOptions;
}

/** Claims, or a header, that nothing vouches for. */
type Unverified = Readonly<Record<string, unknown>>;

/** Says whose a token claims to be; undefined where that is none of them. */
export type ChooseIssuer<T> = (header: Unverified, claims: Unverified) => T | undefined;

/**
 * Makes the function that chooses among the issuers of one listener. What a token says of itself does no more than choose:
 * the chosen one decides, and no other is tried. Where a secret and public keys stand for one `iss`, the kind of `alg`
 * chooses between them.
 * @throws ConfigurationError `issuers-same`: two for one `iss`, and no such pair
 */
export function issuerChooser<T extends OfIssuer>(issuers: readonly T[]): ChooseIssuer<T> {
  refuseDuplicates(issuers);
  const literal = issuers.filter(({ options: { issuer } }) => issuer !== '' && !hasPlaceholder(issuer));
  const templates = issuers.filter(({ options: { issuer } }) => hasPlaceholder(issuer));
  const others = issuers.filter(({ options: { issuer } }) => issuer === '');
  return ({ alg }, claims) => {
    const { iss } = claims;
    // RFC 7519 §4.1.1: it is a text
    if (iss !== undefined && typeof iss !== 'string') return undefined;
    const claimedBy = (all: readonly T[]) =>
      iss === undefined ? [] : all.filter(({ options }) => issuerFor(options.issuer, claims) === iss);
    for (const candidates of [claimedBy(literal), firstShape(claimedBy(templates)), others]) {
      if (candidates.length > 0) return ofFamily(candidates, alg);
    }
    return undefined;
  };
}

function refuseDuplicates(issuers: readonly OfIssuer[]): void {
  const taken = new Set<string>();
  for (const { options } of issuers) {
    const key = JSON.stringify([issuerShape(options.issuer), isSecret(options)]);
    if (taken.has(key)) throw new ConfigurationError('issuers-same');
    taken.add(key);
  }
}

/** Two different templates may fit one token: the first does, with the other of its pair. */
function firstShape<T extends OfIssuer>(candidates: readonly T[]): readonly T[] {
  const [first] = candidates;
  if (first === undefined) return [];
  const shape = issuerShape(first.options.issuer);
  return candidates.filter(({ options }) => issuerShape(options.issuer) === shape);
}

/** One alone decides whatever `alg` is: it is to say that it does not accept that. */
function ofFamily<T extends OfIssuer>(candidates: readonly T[], alg: unknown): T | undefined {
  if (candidates.length === 1) return candidates[0];
  return candidates.find(({ options }) => isSecret(options) === isSecretAlgorithm(alg));
}

/** Whether its tokens are signed with a secret; of a function, its algorithms say so. */
function isSecret({ algorithms }: IssuerOptions): boolean {
  return algorithms.some(isSecretAlgorithm);
}
