import should from 'should';
import { openKeySet } from '../../src/keys/key-set.js';
import type { KeySet } from '../../src/keys/keys.js';
import { agreedClaims, agreedVerdict } from '../support/core/at-once.js';
import { FETCHED, PRESENTED } from '../support/hostile/presented-tokens.js';

const ALGORITHMS = ['RS256', 'ES256'];

/** After all attacks of the suite, whichever were run. */
after('our check at once and jose agree on every token that was presented', async () => {
  for (const token of PRESENTED) await agreedClaims(token);
  if (PRESENTED.size === 0) should(process.argv.join(' ')).containEql('agreement'); // only this file was run
});

after('our check at once accepts nothing that jose refuses, whichever key set was fetched', async () => {
  const verdicts = new Map<string, number>();
  for (const set of FETCHED.values()) {
    const { find, prepareAtOnce } = await openKeySet(set, ALGORITHMS);
    const atOnce = await prepareAtOnce();
    const keys: KeySet = {
      kind: 'key-set',
      algorithms: ALGORITHMS,
      find,
      atOnce: (kid) => atOnce.get(kid),
      close: () => {},
    };
    for (const token of PRESENTED) {
      const verdict = await agreedVerdict(token, keys);
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
    }
  }
  if (FETCHED.size > 0) should([...verdicts.keys()]).containEql('at once');
});
