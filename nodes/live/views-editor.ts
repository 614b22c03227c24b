import { text } from '../dialog/text-editor.js';
import { VIEWS, type View } from './names.js';

/** The tabs inside of the tab, by the ARIA pattern for tabs. */
export class Views {
  readonly list = $('<div>', { role: 'tablist', class: 'websocket-plus-views' });
  readonly panels: Readonly<Record<View, JQuery>>;
  readonly #tabs: Readonly<Record<View, JQuery>>;
  #shown: View = 'overview';

  /** @param onShow called when somebody chooses one */
  constructor(contents: Readonly<Record<View, JQuery>>, onShow: (view: View) => void) {
    const each = <T>(make: (view: View) => T) =>
      Object.fromEntries(VIEWS.map((view) => [view, make(view)])) as Record<View, T>; // all of them
    this.#tabs = each((view) =>
      $('<button>', { type: 'button', role: 'tab', id: idOf(view), 'aria-controls': `${idOf(view)}-panel` })
        .append(
          $('<span>').text(text(`live.${view}`)),
          $('<span>', { class: 'websocket-plus-badge', hidden: true }),
        )
        .on('click', () => onShow(view))
        .on('keydown', (event) => this.#move(event, view)),
    );
    this.panels = each((view) =>
      $('<div>', { role: 'tabpanel', id: `${idOf(view)}-panel`, 'aria-labelledby': idOf(view) }).append(
        contents[view],
      ),
    );
    this.list.attr('aria-label', text('live.views')).append(VIEWS.map((view) => this.#tabs[view]));
    this.show('overview');
  }

  get shown(): View {
    return this.#shown;
  }

  show(view: View): void {
    this.#shown = view;
    for (const one of VIEWS) {
      this.#tabs[one].attr({ 'aria-selected': String(one === view), tabindex: one === view ? 0 : -1 });
      this.panels[one].prop('hidden', one !== view);
    }
  }

  /** @param number beside the label; empty: none */
  badge(view: View, number: string, isAlarm = false): void {
    const badge = this.#tabs[view].find('.websocket-plus-badge');
    badge
      .text(number)
      .prop('hidden', number === '')
      .toggleClass('websocket-plus-alarm', isAlarm);
  }

  #move(event: JQuery.KeyDownEvent, from: View): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const at = VIEWS.indexOf(from);
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: (at || VIEWS.length) - 1,
      ArrowRight: (at + 1) % VIEWS.length,
      Home: 0,
      End: VIEWS.length - 1,
    };
    const to = VIEWS[moves[event.key] ?? -1];
    if (to === undefined) return;
    event.preventDefault();
    this.#tabs[to].trigger('click').trigger('focus');
  }
}

function idOf(view: View): string {
  return `websocket-plus-live-${view}`;
}
