import { text } from '../dialog/text-editor.js';
import { keyTable } from './key-table-editor.js';
import type { FetchAnswer } from './protocol.js';
import { verdictPlace } from './verdict-editor.js';

/**
 * Lets a dialog fetch keys with the values that stand in it, for somebody to look at.
 * @param fetchKeys rejects with a TrialError
 */
export function prepareFetch(fetchKeys: () => Promise<FetchAnswer>): void {
  const button = $('#websocket-plus-fetch');
  const place = verdictPlace($('#websocket-plus-fetched'), $('#websocket-plus-fetched-keys'));
  button.on('click', () => {
    void place.answer(fetchKeys, show);
  });
  button.closest('form').on('input change', place.forget);

  function show({ addresses, keySet }: FetchAnswer): void {
    const asked = [
      $('<div>', { class: 'websocket-plus-note' }).text(text('trial.asked')),
      $('<ol>', { class: 'websocket-plus-asked' }).append(addresses.map((one) => $('<li>').text(one))),
    ];
    if (keySet.kind === 'failed') {
      const { code, detail } = keySet;
      place.say('failed', text(`warn.${code}`, { detail }), asked);
      return;
    }
    const { keys } = keySet;
    const usable = keys.filter(({ problem }) => problem === undefined).length;
    const words = text('trial.fetched', { usable, number: keys.length });
    place.say(usable === 0 ? 'failed' : 'passed', words, [...asked, keyTable(keys)]);
  }
}
