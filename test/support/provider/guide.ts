import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The guide, from the root of this repository. */
export const GUIDE = 'docs/identity-providers.md';

/** What a section of the guide says about one way to use a product. */
export interface GuideSection {
  readonly heading: string;
  /** Properties of the nodes, as a flow file has them. */
  readonly issuer: Readonly<Record<string, unknown>>;
  readonly listener: Readonly<Record<string, unknown>>;
  readonly pitfalls: readonly GuidePitfall[];
}

export interface GuidePitfall {
  /** What comes. */
  readonly what: string;
  /** What the log says about it: texts of which each is there. */
  readonly log: readonly string[];
}

/** Reads all sections that have a table of settings. */
export function readGuide(): readonly GuideSection[] {
  const markdown = readFileSync(join(resolve(__dirname, '../../../..'), GUIDE), 'utf8');
  return markdown
    .split(/^#{2,} /m)
    .map((section) => readSection(section))
    .filter(({ issuer }) => Object.keys(issuer).length > 0);
}

function readSection(section: string): GuideSection {
  const [heading = ''] = section.split('\n');
  const rows = section
    .split('\n')
    .filter((line) => /^\| (?!-)/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const settingsOf = (node: string) =>
    Object.fromEntries(
      rows
        .filter(([first]) => first === node)
        .map(([, property = '', value = '']) => [codeIn(property)[0], settingIn(property, value)])
        .filter(([, value]) => value !== undefined),
    );
  return {
    heading,
    issuer: settingsOf('issuer'),
    listener: settingsOf('listener'),
    pitfalls: rows
      .slice(rows.findIndex(([first]) => first === 'what comes') + 1)
      .map(([what = '', log = '']) => ({ what, log: codeIn(log) })),
  };
}

/** A text; for `claims` the rules; undefined where the guide has words only, for a secret. */
function settingIn(property: string, cell: string): unknown {
  if (property !== '`claims`') return codeIn(cell)[0];
  return Array.from(cell.matchAll(/`([^`]+)` (is|includes) `([^`]+)`/g), ([, claim, rule, value]) => ({
    claim,
    rule,
    value,
  }));
}

function codeIn(cell: string): string[] {
  return Array.from(cell.matchAll(/`([^`]+)`/g), ([, code = '']) => code);
}
