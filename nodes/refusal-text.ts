import type { ConfigurationProblem } from '../src/config/codes.js';
import type { RefusalReason } from '../src/token/token-refused.js';

/** Looks a text of the catalog up: in the runtime's language, or the editor's. */
export type Translate = (key: string, values?: Readonly<Record<string, string | number>>) => string;

/** What is known of a refusal. */
export interface Refusal {
  /** As the peer is told. */
  readonly code: string;
  readonly because?: RefusalReason | undefined;
  /** What is wrong with the listener. */
  readonly problem?: ConfigurationProblem | undefined;
}

/** A refusal's code, with what the peer does not learn in words behind it. */
export function refusalText(translate: Translate, { code, because, problem }: Refusal): string {
  if (because !== undefined) return translate('cause.detail', { code, why: causeText(translate, because) });
  if (problem !== undefined) return translate('cause.detail', { code, why: translate(`status.${problem}`) });
  return code;
}

function causeText(translate: Translate, { cause, seconds }: RefusalReason): string {
  const words = translate(`cause.${cause}`);
  return seconds === undefined ? words : translate('cause.by', { words, seconds });
}
