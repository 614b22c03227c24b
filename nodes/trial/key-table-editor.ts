import type { PublishedKey } from '../../src/trial/trial.js';
import { text } from '../dialog/text-editor.js';

/** The keys of a set: what they call themselves, and whether they check tokens. */
export function keyTable(keys: readonly PublishedKey[]): JQuery {
  const rows = keys.map(({ kid, kty, alg, use, problem }) => {
    const state = text(problem === undefined ? 'trial.usable' : `key-problem.${problem}`);
    return row('<td>', [kid, kty, alg, use]).append($('<td>', { class: 'websocket-plus-words' }).text(state));
  });
  const head = row('<th>', ['kid', 'kty', 'alg', 'use']).append($('<th>').text(text('trial.usability')));
  return $('<table>', { class: 'websocket-plus-keys' }).append(
    $('<caption>').text(text('trial.keys', { number: keys.length })),
    rows.length === 0 ? [] : $('<thead>').append(head),
    $('<tbody>').append(rows),
  );
}

function row(cell: string, texts: readonly (string | undefined)[]): JQuery {
  return $('<tr>').append(texts.map((one) => $(cell).text(one ?? '–')));
}
