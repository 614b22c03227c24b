import should from 'should';
import { COLUMNS, DETAILS, VIEWS } from '../../nodes/live/names.js';
import { LIVE_ERRORS } from '../../nodes/live/protocol.js';
import { REFUSAL_WORDS } from '../../nodes/live/refusal-words.js';
import { findingKey } from '../../nodes/trial/finding-key.js';
import { TRIAL_ERRORS } from '../../nodes/trial/protocol.js';
import { CLAIM_RULES } from '../../src/config/claim-rules.js';
import { CONFIGURATION_PROBLEMS, DIALOG_PROBLEMS } from '../../src/config/codes.js';
import { ROUTING_SCOPES } from '../../src/config/listener-schema.js';
import { CONTROL_ERROR_CODES } from '../../src/endpoint/control.js';
import { JWKS_ERRORS } from '../../src/keys/jwks-fetch.js';
import { KEY_PROBLEMS } from '../../src/keys/key-problem.js';
import { TROUBLE_CODES, TROUBLE_WORDS } from '../../src/sessions/endings.js';
import { RULE_NAMES } from '../../src/token/rules/rule.js';
import { rulesFor } from '../../src/token/rules/rules.js';
import { REFUSAL_CAUSES } from '../../src/token/token-refused.js';
import { FINDINGS } from '../../src/trial/check-results.js';
import { TOKEN_NOT_MADE } from '../../src/trial/make-token.js';
import { type CheckName, RESULTS } from '../../src/trial/trial.js';
import { SEND_ERROR_CODES } from '../../src/wire/send-error.js';
import { readNamedKeys } from '../support/locales/catalog-keys.js';
import { readTexts } from '../support/locales/locales.js';

const RULES = rulesFor({ tenant: { kind: 'claim', name: 'tenant_id' } });

/** The codes that the nodes put behind the prefix of a key, as the sources list them. */
const CODES: Readonly<Record<string, readonly string[]>> = {
  'status.': CONFIGURATION_PROBLEMS,
  'errors.': [
    ...CONFIGURATION_PROBLEMS,
    ...DIALOG_PROBLEMS,
    ...SEND_ERROR_CODES,
    ...CONTROL_ERROR_CODES,
    ...TOKEN_NOT_MADE,
    ...TRIAL_ERRORS,
    ...LIVE_ERRORS,
  ],
  'live.': [...VIEWS, ...COLUMNS, ...DETAILS],
  'refusal.': REFUSAL_WORDS,
  'cure.': REFUSAL_WORDS,
  'warn.': JWKS_ERRORS,
  'cause.': REFUSAL_CAUSES,
  'closing.': [...TROUBLE_CODES.map(String), ...TROUBLE_WORDS],
  'key-problem.': KEY_PROBLEMS,
  'convert.': ROUTING_SCOPES,
  'option.claim-': CLAIM_RULES,
  'check.': [...Object.keys(FINDINGS), ...RULE_NAMES],
  'result.': [...RESULTS, 'failed-unverified'],
  'finding.': [
    ...Object.entries(FINDINGS).flatMap(([name, findings]) => keysOf(name as CheckName, findings)),
    ...RULES.flatMap(({ name, findings }) => keysOf(name, findings)),
  ],
};

describe('locales: the keys', () => {
  const catalog = [...readTexts('en-US').keys()];
  const sections = [...new Set(catalog.map((key) => key.replace(/\..*/, '')))];
  const named = readNamedKeys(sections);
  const composed = Object.entries(CODES).flatMap(([prefix, codes]) => codes.map((code) => prefix + code));
  const used = new Set([...named.whole, ...composed]);

  it('that the nodes name are in the catalog', () => {
    should([...used].filter((key) => !catalog.includes(key))).eql([]);
    should(named.strange.filter((key) => !/^'(?:editor|node-red):/.test(key))).eql([]); // Node-RED's own texts
  });

  it('of the catalog are all used', () => {
    should(catalog.filter((key) => !used.has(key))).eql([]);
  });

  it('that are put together get their codes from a known place', () => {
    should([...named.prefixes].filter((prefix) => CODES[prefix] === undefined)).eql([]);
    for (const prefix of Object.keys(CODES)) {
      should(named.prefixes.has(prefix)).equal(true, `nothing asks for ${prefix}`);
    }
  });
});

/** The keys of what a check may find, without their common beginning. */
function keysOf(name: CheckName, findings: readonly string[]): string[] {
  return findings.map((finding) => String(findingKey({ name, finding })).replace('finding.', ''));
}
