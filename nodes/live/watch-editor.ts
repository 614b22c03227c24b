import { text } from '../dialog/text-editor.js';
import { smallButton } from './confirm-editor.js';
import type { WatchAnswer } from './protocol.js';
import { ask, LiveError, tell } from './request-editor.js';
import { exactClock, size } from './units-editor.js';

/** As many as the runtime keeps. */
const MAX_MESSAGES = 100;

interface Open {
  readonly path: string;
  next: number;
}

/** Whose messages somebody wants to see. */
export interface Watched {
  /** The id of a listener, or `ALL`. */
  readonly listener: string;
  /** As the runtime is asked. */
  readonly whom: { readonly ref: number } | { readonly tenantId: string | null };
  readonly name: string;
}

/** Shows what a session or a tenant says and is told while somebody looks. */
export class WatchPanel {
  readonly element = $('<div>', { class: 'websocket-plus-watch', hidden: true });
  readonly #who = $('<b>');
  readonly #state = $('<p>', { role: 'status' });
  readonly #list = $('<ol>');
  readonly #onClose: () => void;
  #open: Open | undefined;

  /** @param onClose called when somebody has seen enough */
  constructor(onClose: () => void) {
    this.#onClose = onClose;
    const back = smallButton('live.stop-watching', 'fa-arrow-left').on('click', () => this.close());
    this.element.append(
      $('<div>', { class: 'websocket-plus-bar' }).append(back, this.#who),
      this.#state,
      this.#list,
    );
  }

  get isOpen(): boolean {
    return !this.element.prop('hidden');
  }

  async open({ listener, whom, name }: Watched): Promise<void> {
    this.#list.empty();
    this.#who.text(name);
    this.#state.text(text('live.watching'));
    this.element.prop('hidden', false);
    const path = `/${encodeURIComponent(listener)}/watch`;
    try {
      const { ticket } = await tell<{ readonly ticket: string }>(path, whom);
      this.#open = { path: `${path}/${encodeURIComponent(ticket)}`, next: 0 };
    } catch (error) {
      this.#say(error);
    }
  }

  /** Fetches what has come since. */
  async poll(): Promise<void> {
    const open = this.#open;
    if (open === undefined) return;
    try {
      const { messages, next, ended } = await ask<WatchAnswer>(open.path, { after: open.next });
      if (open !== this.#open) return;
      open.next = next;
      this.#list.prepend(messages.map(line).reverse()).children().slice(MAX_MESSAGES).remove();
      if (ended) this.end();
    } catch (error) {
      this.#say(error);
    }
  }

  /** Nothing more comes; what is there stays. The runtime ends it, as nobody asks any more. */
  end(): void {
    if (this.#open !== undefined) this.#state.text(text('live.watch-ended'));
    this.#open = undefined;
  }

  close(): void {
    this.#open = undefined;
    this.element.prop('hidden', true);
    this.#onClose();
  }

  #say(error: unknown): void {
    this.#open = undefined;
    const code = error instanceof LiveError ? error.code : 'live-failed';
    this.#state.text(text(`errors.${code}`));
  }
}

function line({ at, direction, bytes, text: words }: WatchAnswer['messages'][number]): JQuery {
  const isIn = direction === 'in';
  const arrow = $('<i>', {
    class: `fa ${isIn ? 'fa-arrow-down' : 'fa-arrow-up'}`,
    role: 'img',
    'aria-label': text(isIn ? 'live.received' : 'live.sent'),
  });
  return $('<li>').append(
    $('<span>').append(arrow, ` ${exactClock(at)} · ${size(bytes)}`),
    $('<code>').text(words),
  );
}
