import { quoting } from '../dialog/quote-editor.js';
import { text } from '../dialog/text-editor.js';
import { confirmIn, smallButton } from './confirm-editor.js';
import { COLUMNS, DETAILS } from './names.js';
import type { SessionPage, SessionRow } from './protocol.js';
import { type Drawing, draw } from './rows-editor.js';
import { columnTexts, detailTexts, endsSoon } from './session-details-editor.js';
import { number } from './units-editor.js';

/** What somebody may do about sessions. */
export interface SessionActions {
  watch(row: SessionRow): void;
  watchTenant(tenantId: string | null, name: string): void;
  filter(tenantId: string | null | undefined): void;
  close(row: SessionRow, block: boolean): void;
  closeTenant(tenantId: string | null): void;
  more(): void;
}

/** Where a row keeps what it shows. */
const SHOWN = 'websocketPlusShown';

interface Shown {
  readonly row: SessionRow;
  readonly path: string;
  readonly now: number;
}

/** Who is connected: a row each, which opens. */
export class Sessions {
  readonly element = $('<div>', { class: 'websocket-plus-sessions' });
  readonly #actions: SessionActions;
  readonly #table = $('<table>');
  readonly #filter = $('<div>', { class: 'websocket-plus-filter', hidden: true });
  readonly #foot = $('<p>', { class: 'websocket-plus-more' });
  readonly #count = $('<span>');
  readonly #more = $('<button>', { type: 'button', class: 'websocket-plus-link' });
  readonly #rows: Drawing<Shown>;
  #total = 0;

  constructor(actions: SessionActions) {
    this.#actions = actions;
    const labels = COLUMNS.map((name) =>
      $('<th>', { scope: 'col', class: `websocket-plus-${name}` }).text(text(`live.${name}`)),
    );
    this.#table.append($('<thead>').append($('<tr>').append(labels)));
    this.#more.text(text('live.show-more')).on('click', () => actions.more());
    this.#foot.append(this.#count, ' ', this.#more);
    this.element.append(this.#filter, this.#table, this.#foot);
    this.#rows = { key: ({ row }) => String(row.ref), make: ({ row }) => this.#make(row), update };
  }

  /** @param paths of listeners, by their ids @param now the runtime's clock */
  show({ rows, total, next }: SessionPage, paths: ReadonlyMap<string, string>, now: number): void {
    this.#total = total;
    const shown = rows.map((row) => ({ row, path: paths.get(row.listener) ?? '', now }));
    const header = this.#table.children('thead').detach();
    draw(this.#table, shown, this.#rows);
    this.#table.prepend(header).prop('hidden', rows.length === 0);
    const values = { number: number(rows.length), total: number(total) };
    this.#count.text(total === 0 ? text('live.nobody') : text('live.shown', values));
    this.#more.prop('hidden', next === null);
  }

  /** Says whose sessions alone are shown; undefined: everybody's. */
  showFilter(tenantId: string | null | undefined): void {
    this.#filter.empty().prop('hidden', tenantId === undefined);
    if (tenantId === undefined) return;
    const tenant = nameOf(tenantId);
    const all = smallButton('live.show-all').on('click', () => this.#actions.filter(undefined));
    const watch = smallButton('live.watch', 'fa-eye');
    watch.on('click', () => this.#actions.watchTenant(tenantId, tenant));
    const close = smallButton('live.close-all', 'fa-sign-out').on('click', () => {
      const question = quoting('live.ask-all', { number: number(this.#total), tenant });
      confirmIn(this.#filter, question, 'live.close-now', () => this.#actions.closeTenant(tenantId));
    });
    this.#filter.append($('<b>').text(quoting('live.only', { tenant })), all, watch, close);
  }

  #make(row: SessionRow): JQuery {
    const id = `websocket-plus-session-${row.ref}`;
    const opener = $('<button>', { type: 'button', 'aria-expanded': 'false', 'aria-controls': id });
    const cells = COLUMNS.map((name) =>
      $(name === 'subject' ? '<th scope="row">' : '<td>').addClass(`websocket-plus-${name}`),
    );
    cells[0]?.append(opener.addClass('websocket-plus-link'));
    const details = $('<tr>', { id, class: 'websocket-plus-details', hidden: true });
    const line = $('<tr>', { class: 'websocket-plus-session' }).append(cells);
    line.on('click', () => {
      const isOpen = opener.attr('aria-expanded') !== 'true';
      opener.attr('aria-expanded', String(isOpen));
      line.toggleClass('websocket-plus-open', isOpen);
      details.prop('hidden', !isOpen);
      updateDetails(line.parent());
    });
    const names = DETAILS.map((name) => [
      $('<dt>').text(text(`live.${name}`)),
      $('<dd>', { class: `websocket-plus-${name}` }),
    ]);
    const bar = this.#bar(row);
    details.append($('<td>', { colspan: COLUMNS.length }).append($('<dl>').append(names.flat()), bar));
    return $('<tbody>').append(line, details);
  }

  #bar(row: SessionRow): JQuery {
    const bar = $('<div>', { class: 'websocket-plus-bar' });
    const watch = smallButton('live.watch', 'fa-eye').on('click', () => this.#actions.watch(row));
    const tenant = smallButton('live.all-of', 'fa-users').on('click', () =>
      this.#actions.filter(row.tenantId),
    );
    tenant.find('span').text(quoting('live.all-of', { tenant: nameOf(row.tenantId) }));
    const close = smallButton('live.close', 'fa-sign-out').on('click', () =>
      confirmIn(bar, text('live.ask-close'), 'live.close-now', () => this.#actions.close(row, false)),
    );
    const block = smallButton('live.block', 'fa-ban').on('click', () =>
      confirmIn(bar, text('live.ask-block'), 'live.block-now', () => this.#actions.close(row, true)),
    );
    return bar.append(watch, tenant, close, row.subject === null ? [] : block);
  }
}

function update(body: JQuery, { row, path, now }: Shown): void {
  const columns = columnTexts(row, now);
  const cells = body.children('.websocket-plus-session').children();
  for (const [index, name] of COLUMNS.entries()) {
    const cell = cells.eq(index);
    const place = name === 'subject' ? cell.children('button') : cell;
    if (place.text() !== columns[name]) place.text(columns[name]); // to draw is what takes time
    if (name === 'token') cell.toggleClass('websocket-plus-bad', endsSoon(row, now));
  }
  body.data(SHOWN, { row, path, now } satisfies Shown);
  updateDetails(body);
}

/** There are many rows, of which few are open. */
function updateDetails(body: JQuery): void {
  const details = body.children('.websocket-plus-details');
  if (details.prop('hidden')) return;
  const { row, path, now } = body.data(SHOWN) as Shown; // put there with every update
  const texts = detailTexts(row, path, now);
  for (const name of DETAILS) details.find(`dd.websocket-plus-${name}`).text(texts[name]);
}

function nameOf(tenantId: string | null): string {
  return tenantId ?? text('live.no-tenant');
}
