/** Space between what is scrolled to and the edge of the dialog, in pixels. */
const MARGIN = 10;

/**
 * Scrolls a dialog so that `part` is seen, and as much of `rest`, which follows it, as there is room for. By hand, because
 * the browser's own way also scrolls what the editor keeps still around the dialog.
 */
export function scrollTo(part: JQuery, rest: JQuery): void {
  const view = part.closest('.red-ui-tray-content')[0];
  const first = part[0];
  const last = rest[0];
  if (view === undefined || first === undefined || last === undefined) return;
  const edges = view.getBoundingClientRect();
  const above = first.getBoundingClientRect().top - MARGIN - edges.top;
  const below =
    Math.max(...[first, last].map((one) => one.getBoundingClientRect().bottom)) + MARGIN - edges.bottom;
  view.scrollTop += above < 0 ? above : Math.max(0, Math.min(above, below));
}
