import type { Locator } from 'playwright-core';
import type { Schema } from '../../../src/config/schema.js';
import { reveal, showTab, tabNames } from './tabs.js';

/** What a dialog shows, in the order in which it stands there. */
export interface Shown {
  /** Properties whose rows are visible. */
  readonly rows: readonly string[];
  /** Texts of the warnings. */
  readonly warnings: readonly string[];
  /** What sticks out sideways. */
  readonly tooWide: readonly string[];
}

/** A property of a node and what a person sets it to. */
export type Choices = Readonly<Record<string, string>>;

/** The properties in `schema` that always apply. */
export function alwaysShown(schema: Schema): string {
  const always = Object.entries(schema).filter(([, { applies }]) => applies === undefined);
  return always.map(([name]) => name).join(' ');
}

/** In the page: what is wider than its place in the dialog on top, which makes it scroll sideways or stick out. */
export const TOO_WIDE = `$('.red-ui-tray').last().find('.red-ui-tray-body, .websocket-plus, .websocket-plus *').get()
  .filter(({ clientWidth, scrollWidth }) => clientWidth > 0 && scrollWidth > clientWidth + 1)
  .filter((part) => part.matches('.red-ui-tray-body') || getComputedStyle(part).overflowX === 'visible')
  .map(({ id, className, textContent }) => id || className || textContent)`;

/**
 * In the page: our choices, buttons and tabs whose text is cut off where they stand. What a list shows does not count as
 * its content, so each choice is measured in a list of its own.
 */
export const CLIPPED = `$('.websocket-plus:visible').last().find('select, button, [role="tab"] > span').filter(':visible').get()
  .flatMap((part) => {
    if (!part.matches('select')) return part.scrollWidth > part.clientWidth + 1 ? [part] : [];
    return [...part.querySelectorAll('option[data-i18n]')].filter((choice) => {
      const probe = $(part).clone().empty().removeAttr('id').append($(choice).clone());
      probe.css({ position: 'absolute', width: 'max-content', maxWidth: 'none' }).insertAfter(part);
      const needed = probe[0].getBoundingClientRect().width;
      probe.remove();
      return needed > part.getBoundingClientRect().width + 1;
    });
  })
  .map(({ textContent }) => textContent)`;

/** The rows of a dialog, tab by tab, each of which has one label. @param prefix of the fields' ids */
export async function shownRows(dialog: Locator, prefix: string): Promise<Shown> {
  const names = await tabNames(dialog);
  if (names.length === 0) return visibleRows(dialog, prefix);
  const shown: Shown[] = [];
  for (const name of names) {
    await showTab(dialog, name);
    shown.push(await visibleRows(dialog, prefix));
  }
  return {
    rows: shown.flatMap(({ rows }) => rows),
    warnings: shown.flatMap(({ warnings }) => warnings),
    tooWide: shown.flatMap(({ tooWide }) => tooWide),
  };
}

async function visibleRows(dialog: Locator, prefix: string): Promise<Shown> {
  const labels = dialog.locator(`.websocket-plus label[for^="${prefix}"]:visible`);
  const ids = await labels.evaluateAll(targets);
  const warnings = await dialog.locator('.websocket-plus .form-tips:visible').allInnerTexts();
  return {
    rows: ids.map((id) => id.slice(prefix.length)),
    warnings: warnings.map((warning) => warning.trim()),
    tooWide: (await dialog.page().evaluate(TOO_WIDE)) as string[],
  };
}

/** What the test reads of a label in the page. */
interface Label {
  getAttribute(name: string): string | null;
}

/** Runs in the page. */
function targets(labels: readonly Label[]): string[] {
  return labels.map((label) => label.getAttribute('for') ?? '');
}

/** Sets fields as a person does: chooses in lists, ticks boxes, types everywhere else. */
export async function choose(dialog: Locator, prefix: string, choices: Choices): Promise<void> {
  for (const [name, value] of Object.entries(choices)) {
    const field = dialog.locator(`[id="${prefix}${name}"]`);
    await reveal(dialog, field);
    if ((await field.locator('option').count()) > 0) await field.selectOption(value);
    else if ((await field.getAttribute('type')) === 'checkbox') await field.setChecked(value === 'true');
    else await field.fill(value);
  }
}
