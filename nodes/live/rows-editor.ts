/** How a list of things is drawn. */
export interface Drawing<T> {
  key(item: T): string;
  make(item: T): JQuery;
  update(row: JQuery, item: T): void;
}

const KEY = 'websocketPlusKey';

/**
 * Draws a list anew: what was there already stays the same elements, so that nobody loses the focus, the place in the list or
 * what was opened.
 */
export function draw<T>(parent: JQuery, items: readonly T[], { key, make, update }: Drawing<T>): void {
  const element = parent[0];
  if (element === undefined) return;
  const before = new Map(
    [...element.children].map((child) => [(child as HTMLElement).dataset[KEY] ?? '', child]),
  );
  const keys = new Set(items.map(key));
  for (const [name, child] of before) if (!keys.has(name)) child.remove();
  const focused = document.activeElement;
  let at = element.firstElementChild;
  for (const item of items) {
    const known = before.get(key(item));
    const row =
      known === undefined ? make(item).attr(`data-${dashed(KEY)}`, key(item)) : $(known as HTMLElement);
    update(row, item);
    const [child] = row;
    if (child === undefined) continue;
    if (child === at) at = at.nextElementSibling;
    else element.insertBefore(child, at);
  }
  // an element that is moved loses it
  if (focused instanceof HTMLElement && focused !== document.activeElement && element.contains(focused))
    focused.focus();
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
