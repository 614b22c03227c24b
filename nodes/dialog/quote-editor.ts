import { text } from './text-editor.js';

/**
 * A text with values in it that strangers have chosen. They are put in after it was translated: i18next would replace what
 * looks like `__name__` in them.
 */
export function quoting(key: string, values: Readonly<Record<string, string>>): string {
  const names = Object.keys(values);
  const marks = Object.fromEntries(names.map((name, index) => [name, `\ue000${index}\ue001`]));
  return text(key, marks).replace(
    /\ue000(\d+)\ue001/g,
    (_mark, index: string) => values[names[Number(index)] ?? ''] ?? '',
  );
}
