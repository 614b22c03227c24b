import { recognise } from '../../src/trial/recognise.js';
import type { TokenWish, Verdict } from '../../src/trial/trial.js';
import { copyOnClick } from '../dialog/copy-editor.js';
import { pressOnEnter } from '../dialog/enter-editor.js';
import { text } from '../dialog/text-editor.js';
import { socketOrigin } from '../listener/address-editor.js';
import { refusalText } from '../refusal-text.js';
import { explanation } from './explanation-editor.js';
import { findingKey } from './finding-key.js';
import type { MadeToken, TrialAnswer } from './protocol.js';
import { verdictPlace } from './verdict-editor.js';

/** What a dialog asks the runtime about the values that stand in it. Rejects with a TrialError. */
export interface TrialQuestions {
  tryToken(token: string): Promise<TrialAnswer>;
  makeToken(wish: TokenWish): Promise<MadeToken>;
}

/**
 * Lets a dialog try a token on the values that stand in it, and make one. Call it once the dialog is live.
 * The token is never part of the node, and goes when the dialog goes.
 */
export function prepareTrial({ tryToken, makeToken }: TrialQuestions): void {
  const section = $('#websocket-plus-trial');
  const field = $('#websocket-plus-trial-token');
  const mistake = $('#websocket-plus-trial-mistake');
  const place = verdictPlace($('#websocket-plus-verdict'), $('#websocket-plus-explanation'));
  const made = $('.websocket-plus-made');
  const address = $('#websocket-plus-made-address');
  const copy = $('#websocket-plus-copy-token');

  const typed = (id: string) => String($(id).val() ?? '').trim();
  // as it was pasted: white space around it refuses it, and must not be hidden
  const token = () => String(field.val());

  function forget(): void {
    place.forget();
    made.prop('hidden', true);
    copy.prop('disabled', token() === '');
    mistake.text(mistakeIn(token()));
  }

  function showTrial(trial: TrialAnswer): void {
    const [look, words] = sentenceOn(trial.verdict);
    place.say(look, words, explanation(trial));
  }

  $('#websocket-plus-try').on('click', () => {
    forget();
    void place.answer(() => tryToken(token()), showTrial);
  });

  $('#websocket-plus-make').on('click', () => {
    const wish = {
      subject: typed('#websocket-plus-make-subject'),
      tenantId: typed('#websocket-plus-make-tenant'),
      lifetimeSeconds: Number(typed('#websocket-plus-make-lifetime')) || 0,
    };
    forget();
    const ask = async () => {
      const one = await makeToken(wish);
      return { ...one, trial: await tryToken(one.token) };
    };
    void place.answer(ask, ({ token: jwt, target, trial }) => {
      field.val(jwt);
      mistake.empty();
      copy.prop('disabled', false);
      address.text(target === undefined ? '' : socketOrigin() + target);
      made.prop('hidden', target === undefined);
      showTrial(trial);
    });
  });

  pressOnEnter(field, $('#websocket-plus-try'));
  pressOnEnter(section.find('input').not('.websocket-plus-make input'), $('#websocket-plus-try'));
  pressOnEnter(section.find('.websocket-plus-make input'), $('#websocket-plus-make'));
  copyOnClick(copy, token);
  copyOnClick($('#websocket-plus-copy-made-address'), () => address.text());
  field.on('input', forget);
  section.closest('form').on('input change', ({ target }) => {
    const isWish = section.find('.websocket-plus-make').has(target).length > 0;
    if (!isWish && target !== field[0]) forget();
  });
}

function sentenceOn(verdict: Verdict): readonly [look: 'passed' | 'failed', words: string] {
  if (verdict.kind === 'accepted') return ['passed', text('trial.accepted')];
  if (verdict.kind === 'in-order') return ['passed', text('trial.in-order')];
  const { status, closeCode } = verdict;
  const code = refusalText(text, verdict);
  const words =
    closeCode === undefined
      ? text('trial.refused', { status, code })
      : text('trial.refused-close', { close: closeCode, code });
  return ['failed', words];
}

/** What is wrong with a token at first sight. */
function mistakeIn(token: string): string {
  const finding = token === '' ? undefined : recognise(token);
  const key = finding === undefined ? undefined : findingKey({ name: 'form', finding });
  return key === undefined ? '' : text(key);
}
