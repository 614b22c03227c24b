import should from 'should';
import { parseListenerOptions } from '../../../src/config/listener-options.js';
import { recognise } from '../../../src/trial/recognise.js';
import { tryToken } from '../../../src/trial/try-token.js';
import { part, SECRET, token } from '../../support/core/tokens.js';

const GOOD = token();
const [HEADER = '', CLAIMS = '', SIGNATURE = ''] = GOOD.split('.');

/** What people send, by what the trial finds. */
const SENT: Record<string, readonly string[]> = {
  space: [`${GOOD}\n`, ` ${GOOD}`, `${GOOD}\r\n`, `${GOOD.slice(0, 40)}\n${GOOD.slice(40)}`, `\ufeff${GOOD}`],
  quotes: [`"${GOOD}"`, `'${GOOD}'`, `\u201c${GOOD}\u201d`, `"${GOOD}"\n`],
  bearer: [
    `Bearer ${GOOD}`,
    `bearer ${GOOD}`,
    `Bearer  ${GOOD}`,
    `"Bearer ${GOOD}"`,
    'Bearer',
    `Bearer: ${GOOD}`,
  ],
  placeholder: [
    'undefined',
    'null',
    `undefined${GOOD}`,
    `${GOOD}undefined`,
    `${HEADER}.${CLAIMS}.undefined`,
    `Bearer undefined`,
    '[object Object]',
    '{{token}}',
    '$'.concat('{TOKEN}'),
    '<your token>',
  ],
  address: [`ws://localhost/ws?token=${GOOD}`, `token=${GOOD}`, `wss://host/ws`],
  encoded: [`${GOOD}%0A`, GOOD.replaceAll('.', '%2E')],
  padding: [`${GOOD}=`, `${HEADER}==.${CLAIMS}=.${SIGNATURE}=`],
  base64: [`${HEADER}.${CLAIMS}.ab+c/d`],
  unsigned: [`${part({ alg: 'none' })}.${CLAIMS}.`],
  jwe: [
    `${part({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.QUJD.QUJD.QUJD.QUJD`,
    `${part({ alg: 'dir' })}..QUJD.QUJD.QUJD`,
  ],
  opaque: ['ya29.a0AfH6SMB'.replace('.', ''), '2YotnFZFEjr1zCsicMWpAA', 'hello'],
};

describe('src/trial/recognise', () => {
  const options = parseListenerOptions({ path: '/ws' }, SECRET);

  for (const [mistake, texts] of Object.entries(SENT)) {
    it(`tells what was sent instead of a token: ${mistake}`, async () => {
      for (const text of texts) {
        should(recognise(text)).equal(mistake, text);
        const { verdict, checks } = await tryToken(text, options);
        should(verdict).match({ kind: 'refused', code: 'token_invalid' });
        if (text === `${GOOD}undefined`) continue; // its parts are in order, only the signature is not
        should(checks[0]).match({ name: 'form', result: 'failed', finding: mistake });
      }
    });
  }

  it('knows nothing of what looks like a JWT, or like nothing at all', async () => {
    for (const text of [GOOD, '', 'a.b', '....', 'é']) should(recognise(text)).equal(undefined, text);
  });

  it('takes no longer for a long text than for a short one, letter by letter', () => {
    for (const text of ['a'.repeat(65_000), 'a.'.repeat(32_000), '='.repeat(65_000), ' '.repeat(65_000)]) {
      const startedMs = performance.now();
      recognise(`${text}!`);
      should(performance.now() - startedMs).be.below(200);
    }
  });
});
