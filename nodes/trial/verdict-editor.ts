import { scrollTo } from '../dialog/scroll-editor.js';
import { text } from '../dialog/text-editor.js';
import { TrialError } from './request-editor.js';

const ICONS = {
  passed: 'fa-check-circle',
  failed: 'fa-times-circle',
  error: 'fa-exclamation-triangle',
  waiting: 'fa-circle-o-notch fa-spin',
} as const;

/** A sentence about what was asked last, and what belongs to it. */
export interface VerdictPlace {
  say(look: 'passed' | 'failed', words: string, details: readonly JQuery[]): void;
  /** Whatever was answered is about other values now. */
  forget(): void;
  /** Shows what `ask` answers, unless something was changed or asked in the meantime. */
  answer<T>(ask: () => Promise<T>, show: (answer: T) => void): Promise<void>;
}

/** @param verdict where the sentence stands @param details where everything else does, behind it */
export function verdictPlace(verdict: JQuery, details: JQuery): VerdictPlace {
  let latest = 0;

  function forget(): void {
    latest += 1;
    verdict.empty().removeClass('websocket-plus-passed websocket-plus-failed websocket-plus-skipped');
    details.empty();
  }

  function put(look: 'passed' | 'failed' | 'skipped', icon: string, words: string): void {
    verdict
      .removeClass('websocket-plus-passed websocket-plus-failed websocket-plus-skipped')
      .addClass(`websocket-plus-${look}`)
      .empty()
      .append($('<i>', { class: `fa fa-fw ${icon}`, 'aria-hidden': 'true' }), $('<span>').text(words));
    scrollTo(verdict, details);
  }

  return {
    forget,
    say(look, words, parts) {
      put(look, ICONS[look], words);
      details.append([...parts]);
      scrollTo(verdict, details);
    },
    async answer(ask, show) {
      forget();
      const asked = latest;
      put('skipped', ICONS.waiting, text('message.trying'));
      try {
        const answer = await ask();
        if (asked === latest) show(answer);
      } catch (error) {
        const code = error instanceof TrialError ? error.code : 'trial-failed';
        if (asked === latest) put('failed', ICONS.error, text(`errors.${code}`));
      }
    },
  };
}
