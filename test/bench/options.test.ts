import should from 'should';
import { parseOptions, SUITES } from './options.js';

describe('bench: options', () => {
  it('without a name all suites run that need no broker', () => {
    should(parseOptions([]).suites).eql(SUITES.filter((name) => name !== 'cluster'));
  });

  it('--suite names those that run', () => {
    should(parseOptions(['--suite', 'cluster,echo']).suites).eql(['echo', 'cluster']);
  });

  for (const suite of ['', 'clusters', 'echo,']) {
    it(`--suite "${suite}" is refused`, () => {
      should(() => parseOptions(['--suite', suite])).throw(TypeError);
    });
  }
});
