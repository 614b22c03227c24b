import type { Locator } from 'playwright-core';

/** The names of the tabs of a dialog, in their order; none where it has none. */
export function tabNames(dialog: Locator): Promise<string[]> {
  return dialog.locator('.websocket-plus [role="tabpanel"]').evaluateAll(names);
}

/** Shows a tab as a person does. */
export function showTab(dialog: Locator, name: string): Promise<void> {
  return dialog.locator(`#websocket-plus-tab-${name}-label`).click();
}

/** Shows the tab that a field is in. */
export async function reveal(dialog: Locator, field: Locator): Promise<void> {
  const [name] = await field.locator('xpath=ancestor::*[@role="tabpanel"]').evaluateAll(names);
  if (name !== undefined) await showTab(dialog, name);
}

/** Runs in the page. */
function names(panels: readonly { readonly id: string }[]): string[] {
  return panels.map(({ id }) => id.replace('websocket-plus-tab-', ''));
}
