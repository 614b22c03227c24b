import type { Check, CheckValues, TokenContent } from '../../src/trial/trial.js';
import { text } from '../dialog/text-editor.js';
import { findingKey } from './finding-key.js';
import { keyTable } from './key-table-editor.js';
import type { TrialAnswer } from './protocol.js';
import { timeTexts } from './time-editor.js';

/** Everything that a trial found, for below its verdict. */
export function explanation(trial: TrialAnswer): JQuery[] {
  const { verdict, checks, content, keySet, at } = trial;
  return [
    ...(verdict.kind === 'accepted' ? [json(verdict.session)] : []),
    ...(keySet?.kind === 'failed' ? [note(text(`warn.${keySet.code}`, { detail: keySet.detail }))] : []),
    ...(checks.length === 0 ? [] : [checkList(checks, content?.verified === false, at)]),
    ...(keySet?.kind === 'fetched' ? [keyTable(keySet.keys)] : []),
    ...(content === undefined ? [] : [contentOf(content)]),
  ];
}

const ICONS: Readonly<Record<Check['result'], string>> = {
  passed: 'fa-check-circle',
  failed: 'fa-times-circle',
  unverified: 'fa-question-circle',
  skipped: 'fa-minus-circle',
};

/** What is no word of the token's own. */
const VOUCHED: ReadonlySet<Check['name']> = new Set(['origin', 'form', 'chosen', 'algorithm', 'signature']);

function checkList(checks: readonly Check[], unverified: boolean, now: number): JQuery {
  return $('<ul>', { class: 'websocket-plus-checks', 'aria-label': text('trial.checks') }).append(
    checks.map((check) => {
      const { name, result } = check;
      const doubtful = unverified && result === 'failed' && !VOUCHED.has(name);
      return $('<li>', { class: `websocket-plus-${result}` }).append(
        $('<i>', { class: `fa fa-fw ${ICONS[result]}`, 'aria-hidden': 'true' }),
        $('<b>').text(text(`check.${name}`)),
        findingOf(check, now),
        $('<em>').text(text(`result.${doubtful ? 'failed-unverified' : result}`)),
      );
    }),
  );
}

function findingOf(check: Check, now: number): JQuery {
  const key = findingKey(check);
  if (key === undefined) return $('<span>');
  const { values } = check;
  const times = typeof values.at === 'number' ? timeTexts(values.at, now) : {};
  return quoting(key, { ...values, ...times });
}

/** A text with values put in after it was translated: i18next would replace what looks like `__name__` in them. */
function quoting(key: string, values: CheckValues): JQuery {
  const names = Object.keys(values);
  const marks = Object.fromEntries(names.map((name, index) => [name, `\ue000${index}\ue001`]));
  const parts = text(key, marks).split(/\ue000(\d+)\ue001/);
  return $('<span>').append(
    parts.map((part, index) => {
      // every second part is the number of a value
      return index % 2 === 0
        ? document.createTextNode(part)
        : $('<bdi>').text(values[names[Number(part)] ?? ''] ?? '');
    }),
  );
}

function note(words: string): JQuery {
  return $('<div>', { class: 'websocket-plus-note' }).text(words);
}

function contentOf({ verified, header, claims }: TokenContent): JQuery {
  const caption = text(verified ? 'trial.content-verified' : 'trial.content-unverified');
  return $('<details>').append($('<summary>').text(caption), json(header), json(claims));
}

function json(value: object): JQuery {
  return $('<pre>', { class: 'websocket-plus-json' }).text(JSON.stringify(value, null, 2));
}
