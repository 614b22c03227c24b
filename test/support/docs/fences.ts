import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../../..');

/**
 * The code blocks of one language in a Markdown file of this repository, in their order: what a reader copies is what a
 * test runs.
 * @throws Error where there is none
 */
export function fences(file: string, language: string): string[] {
  const markdown = readFileSync(join(ROOT, file), 'utf8');
  const found = [...markdown.matchAll(/^```(\w+)\n(.*?)^```$/gms)]
    .filter(([, info]) => info === language)
    .map(([, , code = '']) => code);
  if (found.length === 0) throw new Error(`${file} has no block of ${language}`);
  return found;
}
