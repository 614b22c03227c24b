import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, resolve } from 'node:path';
import should from 'should';

const ROOT = resolve(__dirname, '../../..');

/** Longest source file, in lines: past it a second job is hiding in it. */
const MAX_LINES = 200;

interface Source {
  /** Below the root: `src/keys/jwks.ts`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly { readonly path: string; readonly isType: boolean }[];
}

const SOURCES = ['src', 'nodes'].flatMap(readSources);

/** The order of the folders, and what comes from where, is the linter's to say: biome.json. */
describe('the house', () => {
  it('has no file in the root of src', () => {
    should(SOURCES.filter(({ path }) => dirname(path) === 'src').map(({ path }) => path)).eql([]);
  });

  it('has no source file over 200 lines', () => {
    const long = SOURCES.filter(({ text }) => text.split('\n').length - 1 > MAX_LINES);
    should(long.map(({ path }) => path)).eql([]);
  });

  it('has no cycle of imports, type-only ones included', () => {
    should(cycles()).eql([]);
  });

  it('gives events nothing but types to import', () => {
    const events = SOURCES.filter(({ path }) => path.startsWith('src/events/'));
    const values = events.flatMap(({ imports }) =>
      imports.filter(({ path, isType }) => !isType && !path.startsWith('src/events/')),
    );
    should(values).eql([]);
  });
});

function readSources(folder: string): Source[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => {
      const path = join(folder, name);
      const text = readFileSync(join(ROOT, path), 'utf8');
      return { path, text, imports: importsOf(path, text) };
    });
}

function importsOf(path: string, text: string): Source['imports'] {
  return Array.from(
    text.matchAll(/^(?:import|export)\s+(type\s)?[^'"]*?from\s+'(\.{1,2}\/[^']+)\.js'/gm),
    ([, type, target = '']) => ({
      path: `${normalize(join(dirname(path), target))}.ts`,
      isType: type !== undefined,
    }),
  );
}

function cycles(): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]) => {
    const at = way.indexOf(path);
    if (at !== -1) {
      found.push([...way.slice(at), path].map((one) => relative('src', one)).join(' -> '));
      return;
    }
    if (done.has(path)) return;
    for (const { path: next } of SOURCES.find((one) => one.path === path)?.imports ?? []) {
      visit(next, [...way, path]);
    }
    done.add(path);
  };
  for (const { path } of SOURCES) visit(path, []);
  return found;
}
