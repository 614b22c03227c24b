import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The languages of Node-RED itself; the first is the one that the others are translated from. */
export const LANGUAGES = ['en-US', 'de', 'es-ES', 'fr', 'ja', 'ko', 'pt-BR', 'ru', 'zh-CN', 'zh-TW'] as const;

export type Language = (typeof LANGUAGES)[number];

/** A catalog's texts by their key (`section.name`), in the order of the file. */
export type Texts = ReadonlyMap<string, string>;

/** The folder of the sources, from dist/test/support. */
export const LOCALES = join(__dirname, '../../../../locales');

/** The help of all node types in one language. */
export function readHelp(language: Language): string {
  return readFileSync(join(LOCALES, language, 'websocket-plus.html'), 'utf8');
}

/** The catalog of one language as it stands in its file. */
export function readCatalog(language: Language): string {
  return readFileSync(join(LOCALES, language, 'websocket-plus.json'), 'utf8');
}

/** The texts of one language. */
export function readTexts(language: Language): Texts {
  return new Map(flatten(JSON.parse(readCatalog(language)), []));
}

function flatten(value: unknown, path: readonly string[]): [string, string][] {
  if (typeof value === 'string') return [[path.join('.'), value]];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${path.join('.')} is neither a text nor a section`);
  }
  return Object.entries(value).flatMap(([name, part]) => flatten(part, [...path, name]));
}
