import { text } from '../dialog/text-editor.js';
import { History } from './history-editor.js';
import type { View } from './names.js';
import { Overview } from './overview-editor.js';
import { type Polling, startPolling } from './polling-editor.js';
import { ALL, type ListenerView, type LiveView, type SessionPage } from './protocol.js';
import { Refused } from './refused-editor.js';
import { ask, LiveError, tell } from './request-editor.js';
import { Sessions } from './sessions-editor.js';
import { SessionsQuery } from './sessions-query-editor.js';
import { Toolbar } from './toolbar-editor.js';
import { tryToken } from './try-editor.js';
import { exactClock, number } from './units-editor.js';
import { Views } from './views-editor.js';
import { type Watched, WatchPanel } from './watch-editor.js';

/** What the runtime answers about a close. */
interface Closed {
  readonly closed: number;
}

/** The whole tab: asks the runtime while it is seen, and shows what it answers. */
export class Panel {
  readonly element = $('<div>', { class: 'websocket-plus-live' });
  /** For the foot of the sidebar. */
  readonly foot = $('<div>', { class: 'websocket-plus-foot' });
  readonly #body = $('<div>', { class: 'websocket-plus-body' });
  readonly #message = $('<p>', { role: 'status', class: 'websocket-plus-message' });
  readonly #query = new SessionsQuery();
  readonly #history = new History();
  readonly #toolbar: Toolbar;
  readonly #views: Views;
  readonly #overview: Overview;
  readonly #sessions: Sessions;
  readonly #refused = new Refused(tryToken);
  readonly #watch = new WatchPanel(() => this.#render());
  readonly #polling: Polling;
  #view: LiveView | undefined;
  #page: SessionPage | undefined;
  #paused = false;
  #hasFailed = false;
  /** What is refused is shown first, where there is something new, until somebody chooses. */
  #hasChosen = false;

  constructor() {
    this.#toolbar = new Toolbar({
      chosen: (listener) => this.#ask({ listener }),
      paused: (isPaused) => this.#pause(isPaused),
      searched: (q) => this.#ask({ q }, 'sessions'),
    });
    this.#overview = new Overview((listener, tenantId) => this.#ask({ listener, tenantId }, 'sessions'));
    this.#sessions = new Sessions({
      watch: ({ listener, ref, subject }) => this.#open({ listener, whom: { ref }, name: subject ?? '–' }),
      watchTenant: (tenantId, name) =>
        this.#open({ listener: this.#query.listener, whom: { tenantId }, name }),
      filter: (tenantId) => this.#ask({ tenantId }, 'sessions'),
      close: ({ listener, ref }, block) => void this.#close(listener, { ref, block }),
      closeTenant: (tenantId) => void this.#close(this.#query.listener, { tenantId }),
      more: () => {
        this.#query.more();
        this.#refresh();
      },
    });
    const contents = {
      overview: this.#overview.element,
      sessions: $('<div>').append(this.#sessions.element, this.#watch.element),
      refused: this.#refused.element,
    };
    this.#views = new Views(contents, (view) => this.#ask({}, view));
    this.#body.append(this.#toolbar.element, this.#views.list, Object.values(this.#views.panels));
    this.element.append(this.#message, this.#body);
    const [element = document.body] = this.element.get();
    this.#polling = startPolling(
      element,
      () => this.#poll(),
      () => this.#hidden(),
    );
  }

  /** Chooses a listener, whichever was chosen before. */
  choose(listener: string): void {
    this.#ask({ listener });
    this.#hasChosen = false;
  }

  remove(): void {
    this.#polling.stop();
    this.element.remove();
    this.foot.remove();
  }

  /** Shows something else, at once as far as it is known. */
  #ask(
    what: Partial<Pick<SessionsQuery, 'listener' | 'q' | 'tenantId'>>,
    view: View = this.#views.shown,
  ): void {
    this.#hasChosen = true;
    this.#message.text('');
    if ('listener' in what) this.#toolbar.choose(what.listener ?? ALL);
    Object.assign(this.#query, what);
    this.#sessions.showFilter(this.#query.tenantId);
    if (this.#watch.isOpen) this.#watch.close();
    this.#views.show(view);
    this.#refresh();
  }

  #open(watched: Watched): void {
    void this.#watch.open(watched).then(() => this.#refresh());
  }

  #refresh(): void {
    this.#render();
    this.#polling.now();
  }

  #pause(isPaused: boolean): void {
    this.#paused = isPaused;
    this.#polling.pause(isPaused);
    this.#render();
  }

  /** Whoever comes back sees first what has been refused meanwhile. */
  #hidden(): void {
    this.#hasChosen = false;
    this.#watch.end();
  }

  async #poll(): Promise<void> {
    try {
      const view = await ask<LiveView>('', { since: this.#view?.at ?? 0 });
      this.#view = view;
      this.#history.add(view);
      const chosen = this.#toolbar.offer(view, this.#query.listener);
      if (chosen !== this.#query.listener) this.#query.listener = chosen;
      if (!this.#hasChosen && this.#unseen() > 0) this.#views.show('refused');
      this.#hasChosen = true;
      if (this.#views.shown === 'sessions') this.#page = await this.#query.fetch();
      await this.#watch.poll();
      this.#body.prop('hidden', false);
      if (this.#hasFailed) this.#message.text('');
      this.#hasFailed = false;
      this.#render();
    } catch (error) {
      this.#say(error);
    }
  }

  async #close(listener: string, whom: object): Promise<void> {
    try {
      const { closed } = await tell<Closed>(`/${encodeURIComponent(listener)}/close`, whom);
      this.#message.text(text('live.closed', { number: number(closed) }));
      this.#polling.now();
    } catch (error) {
      this.#say(error);
    }
  }

  /** Without the permission, or switched off, there is nothing else to see. */
  #say(error: unknown): void {
    const code = error instanceof LiveError ? error.code : 'live-failed';
    this.#message.text(text(`errors.${code}`));
    this.#hasFailed = true;
    if (this.#view === undefined) this.#body.prop('hidden', true);
  }

  #render(): void {
    const view = this.#view;
    if (view === undefined) return;
    const listeners = this.#listeners();
    const { shown } = this.#views;
    if (shown === 'overview') {
      this.#overview.show(view, listeners, this.#history, this.#query.listener === ALL);
    } else if (shown === 'refused') {
      this.#refused.look(listeners, this.#unserved());
      this.#refused.show(listeners, this.#unserved(), view.at);
    } else if (this.#page !== undefined) {
      this.#sessions.show(this.#page, new Map(view.listeners.map(({ id, path }) => [id, path])), view.at);
    }
    this.#sessions.element.prop('hidden', this.#watch.isOpen);
    const connections = listeners.reduce((sum, one) => sum + one.connections, 0);
    const unseen = this.#unseen();
    this.#views.badge('sessions', number(connections));
    this.#views.badge('refused', unseen === 0 ? '' : number(unseen), true);
    const time = exactClock(view.at);
    this.foot.text(this.#paused ? text('live.paused', { time }) : text('live.as-of', { time }));
  }

  #listeners(): readonly ListenerView[] {
    const { listener } = this.#query;
    return (this.#view?.listeners ?? []).filter(({ id }) => listener === ALL || listener === id);
  }

  #unserved(): LiveView['unserved'] {
    return this.#query.listener === ALL ? (this.#view?.unserved ?? []) : [];
  }

  #unseen(): number {
    return this.#refused.unseen(this.#listeners(), this.#unserved());
  }
}
