import { copyOnClick } from '../dialog/copy-editor.js';
import { pressOnEnter } from '../dialog/enter-editor.js';
import type { EditorNode } from '../dialog/node-editor.js';
import { scrollTo } from '../dialog/scroll-editor.js';
import { text } from '../dialog/text-editor.js';
import { readerOf } from '../dialog/values-editor.js';
import { socketOrigin } from '../listener/address-editor.js';
import { refusalText } from '../refusal-text.js';
import { explanation } from './explanation-editor.js';
import type { TrialAnswer } from './protocol.js';
import { askForToken, askForTrial, TrialError } from './request-editor.js';

/**
 * Lets the listener's dialog try a token on the values that stand in it, and make one. Call it once the dialog is live.
 * The token is never part of the node, and goes when the dialog goes.
 */
export function prepareTrial(node: EditorNode): void {
  const section = $('#websocket-plus-trial');
  const field = $('#websocket-plus-trial-token');
  const verdict = $('#websocket-plus-verdict');
  const details = $('#websocket-plus-explanation');
  const made = $('.websocket-plus-made');
  const address = $('#websocket-plus-made-address');
  const copy = $('#websocket-plus-copy-token');
  const read = readerOf(node);
  let latest = 0;

  const typed = (id: string) => String($(id).val()).trim();
  // as it was pasted: white space around it refuses it, and must not be hidden
  const token = () => String(field.val());

  /** Whatever was answered is about other values now. */
  function forget(): void {
    latest += 1;
    verdict.empty().removeClass();
    details.empty();
    made.prop('hidden', true);
    copy.prop('disabled', token() === '');
  }

  function say(look: string, icon: string, words: string): void {
    verdict
      .attr('class', `websocket-plus-${look}`)
      .empty()
      .append($('<i>', { class: `fa fa-fw ${icon}`, 'aria-hidden': 'true' }), $('<span>').text(words));
    scrollTo(verdict, details);
  }

  /** Shows what `ask` answers, unless something was changed or asked in the meantime. */
  async function answer<T>(ask: () => Promise<T>, show: (answer: T) => void): Promise<void> {
    forget();
    const asked = latest;
    say('skipped', 'fa-circle-o-notch fa-spin', text('message.trying'));
    try {
      const answer = await ask();
      if (asked === latest) show(answer);
    } catch (error) {
      const code = error instanceof TrialError ? error.code : 'trial-failed';
      if (asked === latest) say('failed', 'fa-exclamation-triangle', text(`errors.${code}`));
    }
  }

  function showTrial(trial: TrialAnswer): void {
    const { verdict: found } = trial;
    if (found.kind === 'accepted') say('passed', 'fa-check-circle', text('trial.accepted'));
    else {
      const { status } = found;
      say('failed', 'fa-times-circle', text('trial.refused', { status, code: refusalText(text, found) }));
    }
    details.append(explanation(trial));
    scrollTo(verdict, details);
  }

  $('#websocket-plus-try').on('click', () => {
    void answer(() => askForTrial(node, read, token()), showTrial);
  });

  $('#websocket-plus-make').on('click', () => {
    const wish = {
      subject: typed('#websocket-plus-make-subject'),
      tenantId: typed('#websocket-plus-make-tenant'),
      lifetimeSeconds: Number(typed('#websocket-plus-make-lifetime')) || 0,
    };
    const ask = async () => {
      const made = await askForToken(node, read, wish);
      return { ...made, trial: await askForTrial(node, read, made.token) };
    };
    void answer(ask, ({ token, target, trial }) => {
      field.val(token);
      copy.prop('disabled', false);
      address.text(socketOrigin() + target);
      made.prop('hidden', false);
      showTrial(trial);
    });
  });

  pressOnEnter(field, $('#websocket-plus-try'));
  pressOnEnter(section.find('.websocket-plus-make input'), $('#websocket-plus-make'));
  copyOnClick(copy, token);
  copyOnClick($('#websocket-plus-copy-made-address'), () => address.text());
  field.on('input', forget);
  section.closest('form').on('input change', ({ target }) => {
    if (section.has(target).length === 0) forget();
  });
}
