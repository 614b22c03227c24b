/** What people send instead of the token that they have, the plainest first. */
const MISTAKES = [
  ['placeholder', /undefined|^null$|\.null$|\[object |\{\{|\$\{|^<.*>$/],
  ['address', /^\s*["']?wss?:\/\/|^\s*["']?https?:\/\/|token=/i],
  ['bearer', /^[\s"']*bearer(?:[\s:]|$)/i],
  ['quotes', /["'`\u2018-\u201f]/],
  ['space', /[\s\p{Cc}\u200b-\u200d\u2060]/u],
  ['encoded', /%[\da-f]{2}/i],
  ['padding', /^(?=.*=)[\w-]+=*\.[\w-]+=*\.[\w-]+=*$/],
  ['base64', /^(?=.*[+/])[\w+/-]+=*\.[\w+/-]+=*\.[\w+/-]+=*$/],
  ['unsigned', /^[\w-]+\.[\w-]+\.$/],
  ['jwe', /^[\w-]+\.[\w-]*\.[\w-]*\.[\w-]+\.[\w-]*$/],
  ['opaque', /^[\w~+/-]+=*$/],
] as const satisfies readonly (readonly [string, RegExp])[];

export type Mistake = (typeof MISTAKES)[number][0];

export const MISTAKEN: readonly Mistake[] = MISTAKES.map(([mistake]) => mistake);

/**
 * Recognises what became of a token on its way into a request, in text that is no JWS in compact form: `Bearer ` in front
 * of it, a JWE (RFC 7516 §7.1), an opaque token.
 * @returns undefined for what looks like nothing known
 */
export function recognise(text: string): Mistake | undefined {
  return MISTAKES.find(([, looks]) => looks.test(text))?.[0];
}
