import { TROUBLE_CODES } from '../sessions/endings.js';

/** RFC 6455 §7.4.1 and the IANA registry: codes with a meaning of their own. */
const REGISTERED = { first: 1000, last: 1015 };

const OURS: ReadonlySet<number> = new Set(TROUBLE_CODES);

/** A close code as the value of a label: peers may send any number from 3000 to 4999, which must not become so many series. */
export function closeCodeWord(code: number): string {
  const isKnown = (code >= REGISTERED.first && code <= REGISTERED.last) || OURS.has(code);
  return isKnown ? String(code) : 'other';
}
