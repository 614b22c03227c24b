import should from 'should';
import { CONFIGURATION_PROBLEMS, DIALOG_PROBLEMS } from '../../src/config/codes.js';
import { ROUTING_SCOPES } from '../../src/config/listener-schema.js';
import { SEND_ERROR_CODES } from '../../src/endpoint/send-error.js';
import { matches, readNamedKeys, readSources } from '../support/locales/catalog-keys.js';
import { readTexts } from '../support/locales/locales.js';

const CORE = readSources('src', '.ts');
const TRIAL = readSources('src/trial', '.ts');
const NODES = readSources('nodes', '.ts');
const EDITOR = readSources('nodes', 'editor.ts');

/**
 * The codes that the nodes put behind the prefix of a key, by where they come from. A group that finds nothing has lost
 * its place in the sources.
 */
const CODES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'status.': { configuration: CONFIGURATION_PROBLEMS },
  'errors.': {
    configuration: CONFIGURATION_PROBLEMS,
    dialog: DIALOG_PROBLEMS,
    send: SEND_ERROR_CODES,
    make: union('TokenNotMadeCode'),
    // the codes that peers get are written with underscores
    fixed: matches([...CORE, ...NODES], /readonly code = '([a-z-]+)'/g),
    forbidden: matches(EDITOR, /return '(trial-[\w-]+)';/g),
    trial: matches(NODES, /(?::|500,) '(trial-[\w-]+)'/g),
  },
  'warn.': { keySet: union('JwksErrorCode') },
  'convert.': { scope: ROUTING_SCOPES },
  'check.': { name: union('CheckName') },
  'result.': {
    result: matches(TRIAL, /readonly result: '([\w-]+)'/g),
    doubtful: matches(EDITOR, /`result\.\$\{doubtful \? '([\w-]+)'/g),
  },
  'finding.': {
    named: TRIAL.flatMap((source) =>
      Array.from(
        source.matchAll(/\b(?:passed|failed|skipped)\(\s*'([\w-]+)',\s*'([\w-]+)'/g),
        ([, name, finding]) => `${name}-${finding}`,
      ),
    ),
    form: union('TokenProblem').map((problem) => `form-${problem}`),
    tenant: matches(CORE, /\bplace: '(exact|nested)'/g).map((place) => `tenant-${place}`),
    // by src/trial/claim-checks.ts, whose functions serve several claims (nodes/listener/finding-key.ts)
    text: ['any', 'expected', 'missing', 'not-configured', 'other'].map((finding) => `claim-${finding}`),
    issuedAt: ['issued-at-past'],
    notBefore: ['absent', 'past', 'future'].map((finding) => `not-before-${finding}`),
    expiry: ['absent', 'past', 'future'].map((finding) => `expiry-${finding}`),
    noDate: ['no-date'],
  },
};

describe('locales: the keys', () => {
  const catalog = [...readTexts('en-US').keys()];
  const sections = [...new Set(catalog.map((key) => key.replace(/\..*/, '')))];
  const named = readNamedKeys(sections);
  const composed = Object.entries(CODES).flatMap(([prefix, groups]) =>
    Object.values(groups).flatMap((codes) => codes.map((code) => prefix + code)),
  );
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
    for (const [prefix, groups] of Object.entries(CODES)) {
      should(named.prefixes.has(prefix)).equal(true, `nothing asks for ${prefix}`);
      for (const [group, codes] of Object.entries(groups)) {
        should(codes.length).be.above(0, `${prefix} ${group}`);
      }
    }
  });
});

/** The members of a union of texts that src exports under `name`. */
function union(name: string): string[] {
  const [declaration = ''] = matches(CORE, new RegExp(`export type ${name} =([^;]+);`, 'g'));
  return matches([declaration], /'([\w-]+)'/g);
}
