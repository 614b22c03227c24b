import should from 'should';
import { agreedClaims } from '../support/core/at-once.js';
import { PRESENTED } from '../support/hostile/presented-tokens.js';

/** After all attacks of the suite, whichever were run. */
after('our check at once and jose agree on every token that was presented', async () => {
  for (const token of PRESENTED) await agreedClaims(token);
  if (PRESENTED.size === 0) should(process.argv.join(' ')).containEql('agreement'); // only this file was run
});
