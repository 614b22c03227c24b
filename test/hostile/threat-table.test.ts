import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import should from 'should';

const ROOT = resolve(__dirname, '../../..');

describe('SECURITY.md', () => {
  it('names tests that exist', () => {
    const rows = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('|'));
    const named: string[] = [];
    for (const row of rows) {
      let source = '';
      // a file, then tests in it
      for (const [, file, test] of (row.split('|')[3] ?? '').matchAll(/`([\w/.-]+)`|"([^"]+)"/g)) {
        if (file !== undefined) source = readFileSync(join(ROOT, 'test', `${file}.test.ts`), 'utf8');
        if (test === undefined) continue;
        should(source.replaceAll("\\'", "'").includes(test)).equal(true, `${test}, of ${row}`);
        named.push(test);
      }
    }
    should(named.length).be.above(50);
  });
});
