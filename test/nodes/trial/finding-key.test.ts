import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import should from 'should';
import { findingKey } from '../../../nodes/trial/finding-key.js';
import { parseListenerOptions } from '../../../src/config/listener-options.js';
import { tryToken } from '../../../src/trial/try-token.js';
import { CLAIMS, OTHER_SECRET, part, SECRET, seconds, token } from '../../support/core/tokens.js';

type Texts = Record<string, string | undefined>;

const file = join(__dirname, '../../../nodes/locales/en-US/websocket-plus.json');
const catalog = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Texts | undefined>;

/** Between them they lead to most of what a check can find. */
const TOKENS = [
  '',
  'x',
  `${token()}=`,
  `${token()}A`,
  'x'.repeat(9000),
  `${part('[]')}.${part(CLAIMS)}.AA`,
  `${part({})}.${part(CLAIMS)}.AA`,
  token('[]'),
  token(CLAIMS, { header: { crit: ['x'] } }),
  token(CLAIMS, { header: { b64: false, crit: ['b64'] } }),
  token(CLAIMS, { header: { alg: 'none' } }),
  token(CLAIMS, { secret: OTHER_SECRET }),
  token({ ...CLAIMS, iss: 'issuer', aud: 'x', iat: 1, nbf: 1, exp: seconds(60) }),
  token({ ...CLAIMS, iss: 'x', iat: 'x', nbf: seconds(60), exp: 1 }),
  token({ tenant_id: [], a: { b: 'acme' }, nbf: 'x' }),
  token({}),
];
const LISTENERS = [
  {},
  { jwtIssuer: 'issuer', jwtAudience: 'audience', tenantClaim: 'a.b' },
  { tenantFrom: 'static', tenantId: 'house' },
];

describe('nodes/trial/finding-key', () => {
  it('has a text for all that checks find', async () => {
    for (const properties of LISTENERS) {
      const options = parseListenerOptions({ path: '/ws', ...properties }, SECRET);
      for (const jwt of TOKENS) {
        for (const check of (await tryToken(jwt, options)).checks) {
          should.exist(catalog.check?.[check.name], check.name);
          should.exist(catalog.result?.[check.result], check.result);
          const key = findingKey(check);
          if (key !== undefined) should.exist(catalog.finding?.[key.replace('finding.', '')], key);
        }
      }
    }
  });
});
