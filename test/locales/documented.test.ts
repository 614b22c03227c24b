import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import should from 'should';
import { CLIENT_SCHEMA } from '../../src/config/client-schema.js';
import { CLUSTER_SCHEMA } from '../../src/config/cluster-schema.js';
import { CONTROL_SCHEMA } from '../../src/config/control-options.js';
import { EVENT_SCHEMA } from '../../src/config/event-options.js';
import { ISSUER_SCHEMA } from '../../src/config/issuer-schema.js';
import { LISTENER_SCHEMA } from '../../src/config/listener-schema.js';
import { OUT_SCHEMA } from '../../src/config/out-options.js';
import { REJECTIONS } from '../../src/handshake/rejection.js';
import { LANGUAGES, readHelp } from '../support/locales/locales.js';

const README = readFileSync(join(__dirname, '../../../README.md'), 'utf8');
const SECTION = /\n## Answers a peer may get\n(.*?)\n## /s;

/** The words of a 401; `refused` is the user's own check, of which the help cannot know why. */
const LOGIN_CODES = Object.entries(REJECTIONS)
  .filter(([code, { status }]) => status === 401 && code !== 'refused')
  .map(([code]) => code);

describe('what is documented', () => {
  it('in README is every code of a refusal', () => {
    const [, answers = ''] = SECTION.exec(README) ?? [];
    should(Object.keys(REJECTIONS).filter((code) => !answers.includes(`\`${code}\``))).eql([]);
  });

  for (const language of LANGUAGES) {
    it(`in the help in ${language} is every property, and every code of a failed login`, () => {
      const help = readHelp(language);
      const properties = Object.keys({
        ...LISTENER_SCHEMA,
        ...CLIENT_SCHEMA,
        ...ISSUER_SCHEMA,
        ...CLUSTER_SCHEMA,
        ...OUT_SCHEMA,
        ...EVENT_SCHEMA,
        ...CONTROL_SCHEMA,
      });
      const missing = [
        ...properties.filter((name) => !help.includes(`<span class="property-type">${name}</span></dt>`)),
        ...LOGIN_CODES.filter((code) => !help.includes(`<li><code>${code}</code>`)),
      ];
      should(missing).eql([]);
    });
  }
});
