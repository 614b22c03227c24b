import { text } from '../dialog/text-editor.js';
import { ALL, type LiveView } from './protocol.js';

/** Milliseconds without a key before what was typed is searched for. */
const TYPING_MS = 300;

/** What the head of the tab tells. */
export interface ToolbarEvents {
  chosen(listener: string): void;
  paused(isPaused: boolean): void;
  searched(q: string): void;
}

/** Head of the tab: which listener, pause, search. */
export class Toolbar {
  readonly element = $('<div>', { class: 'websocket-plus-head' });
  readonly #select = $('<select>');
  readonly #pause = iconButton('live.pause', 'fa-pause').attr('aria-pressed', 'false');
  readonly #find = iconButton('live.search', 'fa-search').attr('aria-expanded', 'false');
  readonly #field = $('<input>', { type: 'search', maxlength: 100, hidden: true });
  #known = '';

  constructor({ chosen, paused, searched }: ToolbarEvents) {
    let typing: number | undefined;
    const search = () => searched(String(this.#field.val()).trim());
    this.#select
      .attr('aria-label', text('label.listener'))
      .on('change', () => chosen(String(this.#select.val())));
    this.#pause.on('click', () => {
      const isPaused = this.#pause.attr('aria-pressed') !== 'true';
      this.#pause.attr('aria-pressed', String(isPaused)).toggleClass('selected', isPaused);
      paused(isPaused);
    });
    this.#field.attr({ 'aria-label': text('live.search'), placeholder: text('live.search-in') });
    this.#field.on('input', () => {
      window.clearTimeout(typing);
      typing = window.setTimeout(search, TYPING_MS);
    });
    this.#find.on('click', () => {
      const isOpen = this.#find.attr('aria-expanded') !== 'true';
      this.#find.attr('aria-expanded', String(isOpen)).toggleClass('selected', isOpen);
      this.#field.prop('hidden', !isOpen).val('');
      if (isOpen) this.#field.trigger('focus');
      search();
    });
    this.element.append(this.#select, this.#pause, this.#find, this.#field);
    this.#fill([], ALL);
  }

  /** @returns which one is chosen: all, where the one before is gone */
  offer({ listeners }: LiveView, chosen: string): string {
    const choices = listeners.map(({ id, path }) => [id, path] as const);
    const stays = choices.some(([id]) => id === chosen) ? chosen : ALL;
    if (JSON.stringify(choices) !== this.#known) this.#fill(choices, stays);
    this.#known = JSON.stringify(choices);
    return stays;
  }

  /** One that is not known yet is shown with the next offer. */
  choose(listener: string): void {
    if (
      this.#select
        .find('option')
        .get()
        .some((option) => $(option).val() === listener)
    )
      this.#select.val(listener);
  }

  #fill(choices: readonly (readonly [id: string, path: string])[], chosen: string): void {
    const options = [[ALL, text('live.all')] as const, ...choices];
    this.#select.empty().append(options.map(([id, label]) => $('<option>').val(id).text(label)));
    this.#select.val(chosen);
  }
}

function iconButton(label: string, icon: string): JQuery {
  const name = text(label);
  const button = $('<button>', { type: 'button', class: 'red-ui-button red-ui-button-small' });
  return button
    .attr({ 'aria-label': name, title: name })
    .append($('<i>', { class: `fa ${icon}`, 'aria-hidden': 'true' }));
}
