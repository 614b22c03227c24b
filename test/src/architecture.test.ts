import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import should from 'should';

const ROOT = resolve(__dirname, '../../..');
const TEXT = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');

/** What stands in backticks and is a path below the root, or a file in it. */
const PATH = /`((?:\.?[\w-]+\/)+[\w.-]*|[\w-]+\.(?:md|json|mjs))`/g;

/** A row of the table of folders: `| `src/keys/` | what | config, events |`. */
const ROW = /^\| `src\/(\w+)\/` +\|[^|]*\| (.*?) *\|$/gm;

/** How biome.json words what a folder may import. */
const RULE = /"src\/(\w+) imports (.*?): see ARCHITECTURE\.md\."/g;

describe('ARCHITECTURE.md', () => {
  it('names no file or folder that does not exist', () => {
    const paths = Array.from(TEXT.matchAll(PATH), ([, path = '']) => path);
    should(paths.length).be.above(50);
    should(paths.filter((path) => !existsSync(join(ROOT, path)))).eql([]);
  });

  it('has a row for each folder in src', () => {
    const folders = readdirSync(join(ROOT, 'src'));
    should([...table().keys()].sort()).eql(folders.sort());
  });

  it('lets each folder import what the linter lets it import', () => {
    const linter = readFileSync(join(ROOT, 'biome.json'), 'utf8');
    const rules = Array.from(linter.matchAll(RULE), ([, folder = '', imports = '']) => [folder, imports]);
    const expected = rules.map(([folder, imports]) => [
      folder,
      imports?.replace('nothing else of src', 'nothing'),
    ]);
    should([...table()].sort()).eql(expected.sort());
  });
});

function table(): ReadonlyMap<string, string> {
  return new Map(Array.from(TEXT.matchAll(ROW), ([, folder = '', imports = '']) => [folder, imports]));
}
