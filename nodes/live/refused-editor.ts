import { text } from '../dialog/text-editor.js';
import type { ListenerView, RefusalGroup, UnservedPath } from './protocol.js';
import { wordsForPath, wordsForRefusal } from './refusal-words-editor.js';
import { type Drawing, draw } from './rows-editor.js';
import { ago, number } from './units-editor.js';

/** A row: refusals of a listener, or requests for a path that nobody serves. */
type Entry =
  | {
      readonly kind: 'refused';
      readonly listener: ListenerView;
      readonly group: RefusalGroup;
      readonly now: number;
    }
  | { readonly kind: 'unserved'; readonly path: UnservedPath; readonly now: number };

/** HTTP status of refusals that a token is to blame for. */
const UNAUTHORIZED = 401;

/** What was refused: words first, then what to do about it, then the facts. */
export class Refused {
  readonly element = $('<div>');
  readonly #list = $('<ul>', { class: 'websocket-plus-refusals' });
  readonly #nothing = $('<p>', { class: 'websocket-plus-nothing' }).text(text('live.nothing-refused'));
  readonly #entries: Drawing<Entry>;
  /** How often each was refused when somebody last looked. */
  readonly #seen = new Map<string, number>();

  /** @param onTry called when somebody wants to try a token on a listener */
  constructor(onTry: (listener: string) => void) {
    this.element.append(this.#nothing, this.#list);
    this.#entries = {
      key: keyOf,
      make: (entry) => makeEntry(entry, onTry),
      update: updateEntry,
    };
  }

  /** @param listeners those that were chosen @param unserved none, unless all were */
  show(listeners: readonly ListenerView[], unserved: readonly UnservedPath[], now: number): void {
    const entries = entriesOf(listeners, unserved, now);
    this.#nothing.prop('hidden', entries.length > 0);
    draw(this.#list, entries, this.#entries);
  }

  /** How many there are that nobody has looked at. */
  unseen(listeners: readonly ListenerView[], unserved: readonly UnservedPath[]): number {
    const entries = entriesOf(listeners, unserved, 0);
    return entries.reduce(
      (sum, entry) => sum + Math.max(0, countOf(entry) - (this.#seen.get(keyOf(entry)) ?? 0)),
      0,
    );
  }

  /** Somebody looks at all of them. */
  look(listeners: readonly ListenerView[], unserved: readonly UnservedPath[]): void {
    for (const entry of entriesOf(listeners, unserved, 0)) this.#seen.set(keyOf(entry), countOf(entry));
  }
}

function entriesOf(
  listeners: readonly ListenerView[],
  unserved: readonly UnservedPath[],
  now: number,
): Entry[] {
  const refused = listeners.flatMap((listener) =>
    listener.refused.map((group): Entry => ({ kind: 'refused', listener, group, now })),
  );
  const entries = [...refused, ...unserved.map((path): Entry => ({ kind: 'unserved', path, now }))];
  return entries.sort((one, other) => lastOf(other) - lastOf(one));
}

function keyOf(entry: Entry): string {
  if (entry.kind === 'unserved') return `unserved ${entry.path.path}`;
  const { status, code, cause } = entry.group;
  return [entry.listener.id, status, code, cause].join(' ');
}

function countOf(entry: Entry): number {
  return entry.kind === 'refused' ? entry.group.count : entry.path.count;
}

function lastOf(entry: Entry): number {
  return entry.kind === 'refused' ? entry.group.last : entry.path.last;
}

function makeEntry(entry: Entry, onTry: (listener: string) => void): JQuery {
  const parts = ['what', 'cure', 'facts'].map((name) =>
    $(name === 'what' ? '<b>' : '<p>', { class: `websocket-plus-${name}` }),
  );
  const item = $('<li>').append($('<span>', { class: 'websocket-plus-times' }), parts);
  if (entry.kind === 'refused' && entry.group.status === UNAUTHORIZED && RED.nodes.node(entry.listener.id)) {
    const icon = $('<i>', { class: 'fa fa-ticket', 'aria-hidden': 'true' });
    const button = $('<button>', { type: 'button', class: 'red-ui-button red-ui-button-small' });
    button.append(icon, document.createTextNode(` ${text('section.trial')}`)).appendTo(item);
    button.on('click', () => onTry(entry.listener.id));
  }
  return item;
}

function updateEntry(item: JQuery, entry: Entry): void {
  const { what, cure } =
    entry.kind === 'refused' ? wordsForRefusal(entry.group, entry.listener.path) : wordsForPath(entry.path);
  item.find('.websocket-plus-times').text(`× ${number(countOf(entry))}`);
  item.find('.websocket-plus-what').text(what);
  item.find('.websocket-plus-cure').text(cure);
  item.find('.websocket-plus-facts').text(
    factsOf(entry)
      .filter((fact) => fact !== '')
      .join(' · '),
  );
}

function factsOf(entry: Entry): string[] {
  const when = ago(entry.now - lastOf(entry));
  if (entry.kind === 'unserved') return [when];
  const { status, code, address } = entry.group;
  return [`${status} ${code}`, address, when, entry.listener.path];
}
