import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../../..');

/** The keys of the catalog that the nodes name, as far as they can be read from their sources. */
export interface NamedKeys {
  /** Keys that are written out, in a script or in a `data-i18n`. */
  readonly whole: ReadonlySet<string>;
  /** What stands before the variable part of a key that is put together: `errors.`. */
  readonly prefixes: ReadonlySet<string>;
  /** First arguments of translating functions that begin with none of `sections`. */
  readonly strange: readonly string[];
}

/** @param sections first parts of keys; any text in a script that begins with one, and a dot, is taken for a key */
export function readNamedKeys(sections: readonly string[]): NamedKeys {
  const section = `(?:${sections.join('|')})`;
  const scripts = readSources('nodes', '.ts');
  const dialogs = readSources('nodes', '.html');
  const attributes = matches(dialogs, /data-i18n="([^"]*)"/g).flatMap((value) => value.split(';'));
  const calls = matches(scripts, /(?:(?<![.\w])(?:text|textKey)|\b(?:RED|this)\._)\(\s*(['`][^'`]*['`])/g);
  return {
    whole: new Set([
      ...attributes.map((value) => value.replace(/^\[[\w-]+\]/, '')),
      ...matches(scripts, new RegExp(`'(${section}\\.[\\w.-]+)'`, 'g')),
    ]),
    prefixes: new Set(matches(scripts, new RegExp(`\`(${section}\\.[\\w.-]*)\\$\\{`, 'g'))),
    strange: calls.filter((argument) => !new RegExp(`^['\`]${section}\\.`).test(argument)),
  };
}

/** All that `pattern`'s first group finds in `sources`. */
export function matches(sources: readonly string[], pattern: RegExp): string[] {
  return sources.flatMap((source) => Array.from(source.matchAll(pattern), ([, found = '']) => found));
}

/** The sources in a folder, such as `src`, whose names end with `suffix`. */
export function readSources(folder: string, suffix: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(suffix))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8'));
}
