/** `{tid}` stands for the claim of that name. */
const PLACEHOLDER = /\{([\w.-]{1,64})\}/g;

/** What a claim has to be to stand in an issuer: nothing that ends a segment of a path. */
const VALUE = /^[\w.-]{1,64}$/;

/** An address whose host is fixed, with placeholders behind it. */
const IN_PATH = /^https?:\/\/[^/?#{}]+\/[^?#]*$/;

/** Entra ID's own name for the claim `tid`. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([['tenantid', 'tid']]);

/** Whether an issuer has a part that the token's claims fill in. */
export function hasPlaceholder(issuer: string): boolean {
  return issuer.search(PLACEHOLDER) !== -1;
}

/** Whether all braces are placeholders, in the path of an address: a token must not choose the host. */
export function isIssuerTemplate(issuer: string): boolean {
  if (!/[{}]/.test(issuer)) return true;
  return IN_PATH.test(issuer) && !/[{}]/.test(issuer.replace(PLACEHOLDER, ''));
}

/** The claims that fill in an issuer's placeholders. */
export function placeholderClaims(issuer: string): readonly string[] {
  return Array.from(issuer.matchAll(PLACEHOLDER), ([, name = '']) => OTHER_NAMES.get(name) ?? name);
}

/** What is the same in all spellings of an issuer: placeholders count by their place, whatever they are called. */
export function issuerShape(issuer: string): string {
  return issuer.replace(PLACEHOLDER, '{}');
}

/** The `iss` that a token with these claims has to have; undefined where a claim is missing or cannot stand there. */
export function issuerFor(issuer: string, claims: Readonly<Record<string, unknown>>): string | undefined {
  let isComplete = true;
  const text = issuer.replace(PLACEHOLDER, (_, placeholder: string) => {
    const name = OTHER_NAMES.get(placeholder) ?? placeholder;
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
    if (typeof value === 'string' && VALUE.test(value)) return value;
    isComplete = false;
    return '';
  });
  return isComplete ? text : undefined;
}
