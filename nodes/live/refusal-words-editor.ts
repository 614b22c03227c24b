import { CONFIGURATION_PROBLEMS } from '../../src/config/codes.js';
import { quoting } from '../dialog/quote-editor.js';
import { text } from '../dialog/text-editor.js';
import type { RefusalGroup, UnservedPath } from './protocol.js';
import { REFUSAL_WORDS } from './refusal-words.js';

/** What happened, and what can be done about it. */
export interface Words {
  readonly what: string;
  readonly cure: string;
}

/** For a refusal by the listener of that path. */
export function wordsForRefusal({ cause, code }: RefusalGroup, path: string): Words {
  // some are called like what may be wrong with a token
  const problem = code === 'unavailable' ? CONFIGURATION_PROBLEMS.find((one) => one === cause) : undefined;
  if (problem !== undefined) {
    return {
      what: text('live.broken', { why: text(`status.${problem}`) }),
      cure: text(`errors.${problem}`, { path }),
    };
  }
  // the user's own middleware chooses other words
  const known = REFUSAL_WORDS.find((one) => one === cause) ?? 'forbidden';
  return { what: text(`refusal.${known}`), cure: text(`cure.${known}`) };
}

/** For requests that nobody serves. */
export function wordsForPath({ path, nearest }: UnservedPath): Words {
  const what = path === '' ? text('live.unserved-other') : quoting('live.unserved', { path });
  const cure =
    nearest === null ? text('live.unserved-cure') : quoting('live.unserved-nearest', { path: nearest });
  return { what, cure };
}
