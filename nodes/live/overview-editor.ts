import { text } from '../dialog/text-editor.js';
import { Clusters } from './clusters-editor.js';
import { type History, latest } from './history-editor.js';
import { problemOfClient, problemOfListener } from './problem-editor.js';
import type { ClientView, ListenerView, LiveView, TenantView } from './protocol.js';
import { type Drawing, draw } from './rows-editor.js';
import { drawSparkline, sparkline } from './sparkline-editor.js';
import { number } from './units-editor.js';

/** Of a listener's row. */
const COLUMNS = 4;

/** Rows of tenants. */
const MAX_TENANTS = 20;

/** From this part of its limit on, a tenant is marked. */
const NEARLY_FULL = 0.9;

type Row = ListenerView | ClientView;

interface TenantRow extends TenantView {
  readonly listener: ListenerView;
  readonly showsPath: boolean;
}

/** Listeners and clients, the last minute, and who has most connections. */
export class Overview {
  readonly element: JQuery;
  readonly #clusters = new Clusters();
  readonly #curves: readonly Curve[];
  readonly #tenants: Drawing<TenantRow>;
  readonly #endpoints: Drawing<{ readonly row: Row; readonly now: number; readonly history: History }>;

  /** @param onTenant called when somebody wants to see a tenant's sessions */
  constructor(onTenant: (listener: string, tenantId: string | null) => void) {
    this.#curves = [
      new Curve('live.connections', ['connections']),
      new Curve('live.per-second', ['received', 'sent']),
      new Curve('live.per-minute', ['refused']),
    ];
    this.#endpoints = {
      key: ({ row }) => row.id,
      make: makeEndpoint,
      update: (body, { row, now, history }) => updateEndpoint(body, row, now, history),
    };
    this.#tenants = {
      key: ({ listener, tenantId }) => JSON.stringify([listener.id, tenantId]),
      make: ({ listener, tenantId }) => makeTenant(() => onTenant(listener.id, tenantId)),
      update: updateTenant,
    };
    this.element = $('<div>', { class: 'websocket-plus-overview' }).append(
      $('<table>', { class: 'websocket-plus-endpoints' }).append(
        head(['live.listener', 'live.connections', 'live.in', 'live.out']).addClass('websocket-plus-unseen'),
      ),
      this.#clusters.element,
      $('<div>', { class: 'websocket-plus-curves' }).append(this.#curves.map(({ element }) => element)),
      $('<table>', { class: 'websocket-plus-tenants' }).append(
        head(['live.tenant', 'live.connections']),
        $('<tbody>'),
      ),
      $('<p>', { class: 'websocket-plus-more' }),
    );
  }

  /** @param listeners those that were chosen */
  show(view: LiveView, listeners: readonly ListenerView[], history: History, showsClients: boolean): void {
    const { at: now } = view;
    const rows: readonly Row[] = [...listeners, ...(showsClients ? view.clients : [])];
    const table = this.element.find('.websocket-plus-endpoints');
    const bodies = rows.map((row) => ({ row, now, history }));
    drawBodies(table, bodies, this.#endpoints);
    this.#clusters.show(showsClients ? view.clusters : [], now);
    const ids = listeners.map(({ id }) => id);
    for (const curve of this.#curves) curve.show(history, ids);
    this.#showTenants(listeners);
  }

  #showTenants(listeners: readonly ListenerView[]): void {
    const showsPath = listeners.filter(({ tenants }) => tenants.length > 0).length > 1;
    const all = listeners.flatMap((listener) =>
      listener.tenants.map((tenant) => ({ ...tenant, listener, showsPath })),
    );
    all.sort((one, other) => other.connections - one.connections);
    const shown = all.slice(0, MAX_TENANTS);
    const more = listeners.reduce((sum, { tenantCount }) => sum + tenantCount, 0) - shown.length;
    const table = this.element.find('.websocket-plus-tenants').prop('hidden', shown.length === 0);
    draw(table.find('tbody'), shown, this.#tenants);
    this.element
      .find('.websocket-plus-more')
      .text(more > 0 ? text('live.more', { number: number(more) }) : '');
  }
}

/** A number with its curve. */
class Curve {
  readonly element: JQuery;
  readonly #names: Parameters<History['sum']>[1][];
  readonly #value = $('<b>');
  readonly #curve = sparkline();

  constructor(label: string, names: Parameters<History['sum']>[1][]) {
    this.#names = names;
    this.element = $('<div>').append($('<span>').text(text(label)), this.#value, this.#curve);
  }

  show(history: History, ids: readonly string[]): void {
    const values = history.sum(ids, ...this.#names);
    const isPerMinute = this.#names.includes('refused');
    const value = isPerMinute ? values.reduce((sum: number, one) => sum + (one ?? 0), 0) : latest(values);
    this.#value.text(value === undefined ? '–' : number(value));
    this.element.toggleClass('websocket-plus-bad', isPerMinute && value !== undefined && value > 0);
    drawSparkline(this.#curve, values);
  }
}

function head(labels: readonly string[]): JQuery {
  const cells = labels.map((label) => $('<th>', { scope: 'col' }).text(text(label)));
  return $('<thead>').append($('<tr>').append(cells));
}

/** A body for each: a row, and below it what is wrong. */
function drawBodies<T>(table: JQuery, items: readonly T[], drawing: Drawing<T>): void {
  const header = table.children('thead').detach();
  draw(table, items, drawing);
  table.prepend(header);
}

function makeEndpoint({ row }: { readonly row: Row }): JQuery {
  const name = $('<th>', { scope: 'row' }).append($('<i>', { 'aria-hidden': 'true' }), $('<span>'));
  const line = $('<tr>').append(name);
  const cell = (of: string) => $('<td>', { class: `websocket-plus-${of}` });
  if ('path' in row) {
    const people = $('<i>', { class: 'fa fa-user-o', 'aria-hidden': 'true' });
    line.append(
      cell('count').append($('<span>'), ' ', $('<small>', { class: 'websocket-plus-everywhere' }), people),
      cell('in'),
      cell('out'),
    );
  } else {
    name.attr('colspan', COLUMNS);
  }
  const wrong = $('<tr>', { class: 'websocket-plus-wrong' }).append($('<td>', { colspan: COLUMNS }));
  return $('<tbody>').append(line, wrong);
}

function updateEndpoint(body: JQuery, row: Row, now: number, history: History): void {
  const isListener = 'path' in row;
  const problem = isListener ? problemOfListener(row, now) : problemOfClient(row, now);
  const isUsed = isListener ? row.connections > 0 : row.state === 'connected';
  const shown = isListener ? row.path : row.url;
  const look = problem?.look ?? (isUsed ? 'good' : 'idle');
  body.find('th > i').attr('class', `websocket-plus-dot websocket-plus-${look}`);
  body
    .find('th > span')
    .text(shown)
    .attr('title', row.name === shown ? null : row.name);
  if (isListener) updateRates(body, row, history);
  const wrong = body.find('.websocket-plus-wrong').prop('hidden', problem === undefined);
  wrong
    .find('td')
    .text(problem?.words ?? '')
    .attr('class', `websocket-plus-${look}`);
}

function updateRates(body: JQuery, { id, connections, everywhere }: ListenerView, history: History): void {
  const here = number(connections);
  body
    .find('.websocket-plus-count > span')
    .text(here)
    .attr('title', everywhere === null ? null : text('live.everywhere', { here, all: number(everywhere) }));
  body.find('.websocket-plus-everywhere').text(everywhere === null ? '' : `/ ${number(everywhere)}`);
  for (const [name, sign, series] of [
    ['in', '↓', 'received'],
    ['out', '↑', 'sent'],
  ] as const) {
    const rate = latest(history.sum([id], series));
    body.find(`.websocket-plus-${name}`).text(rate === undefined ? '' : `${sign} ${number(rate)}/s`);
  }
}

function makeTenant(onClick: () => void): JQuery {
  const button = $('<button>', { type: 'button', class: 'websocket-plus-link' }).on('click', onClick);
  return $('<tr>').append($('<th>', { scope: 'row' }).append(button, $('<small>')), $('<td>'));
}

function updateTenant(row: JQuery, { tenantId, connections, limit, listener, showsPath }: TenantRow): void {
  row.find('button').text(tenantId ?? text('live.no-tenant'));
  row.find('small').text(showsPath ? listener.path : '');
  const count = number(connections);
  row
    .find('td')
    .text(limit === null ? count : text('live.of', { number: count, limit: number(limit) }))
    .toggleClass('websocket-plus-bad', limit !== null && connections >= limit * NEARLY_FULL);
}
