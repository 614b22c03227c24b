import { readdirSync } from 'node:fs';
import should from 'should';
import { SEND_ERROR_CODES } from '../../src/wire/send-error.js';
import {
  LANGUAGES,
  type Language,
  LOCALES,
  readCatalog,
  readTexts,
  type Texts,
} from '../support/locales/locales.js';
import { isUntranslated } from '../support/locales/untranslated.js';

/** Texts that are rightly the same as in English, by key. */
const SAME_WORD: Readonly<Record<string, readonly Language[]>> = {
  // so Node-RED's own German catalog calls them
  'label.listener': ['de'],
  'label.client': ['de', 'fr'],
  'label.name': ['de'],
  'label.tenantClaim': ['de'],
  'label.clientId': ['de'],
  'label.scope': ['de'],
  'label.tokenUrl': ['de'],
  'label.discoveryUrl': ['de'],
  'option.discovery': ['de'],
  'option.fixed': ['de'],
  'label.origin': ['de'],
  'check.origin': ['de'],
  'button.add-header': ['de'],
  // the loan word is the usual one
  'label.jwt': ['de', 'es-ES', 'pt-BR'],
  'label.token': ['de', 'es-ES', 'pt-BR'],
  'unit.bytes': ['es-ES', 'pt-BR'],
  'label.cluster': ['de', 'fr', 'pt-BR'],
  'label.broker': ['de', 'fr', 'pt-BR'],
  'check.middleware': ['de', 'es-ES', 'fr', 'pt-BR'],
  // English has them from French
  'label.type': ['fr'],
  'label.action': ['fr'],
  'label.jwtValidation': ['fr'],
  'label.jwtSecret': ['fr'],
  'label.jwtAudience': ['fr'],
  'label.tls': ['fr'],
  'unit.messages': ['fr'],
  'check.signature': ['fr'],
  'check.audience': ['fr'],
  'live.sessions': ['fr'],
  'live.token': ['de', 'es-ES', 'pt-BR'],
  'live.version': ['de', 'fr'],
};

/** Characters of an error that the debug sidebar shows in one line. */
const SHOWN = 30;

const ENGLISH = readTexts('en-US');

describe('locales: the catalogs', () => {
  it('are in the languages of Node-RED, each with its help', () => {
    should(readdirSync(LOCALES).sort()).eql([...LANGUAGES].sort());
    for (const language of LANGUAGES) {
      const files = readdirSync(`${LOCALES}/${language}`).sort();
      should(files).eql(['websocket-plus.html', 'websocket-plus.json'], language);
    }
  });

  for (const language of LANGUAGES) {
    describe(language, () => {
      let texts: Texts;

      before(() => {
        texts = readTexts(language);
      });

      it('is JSON in the usual form, and names no key twice', () => {
        const text = readCatalog(language);
        should(text).equal(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);
      });

      it('has the keys of the English catalog, in its order', () => {
        const missing = [...ENGLISH.keys()].filter((key) => !texts.has(key));
        const extra = [...texts.keys()].filter((key) => !ENGLISH.has(key));
        should({ missing, extra }).eql({ missing: [], extra: [] });
        should([...texts.keys()]).eql([...ENGLISH.keys()]);
      });

      it('keeps every placeholder', () => {
        const changed = keysWhere(texts, (text, english) => placeholders(text) !== placeholders(english));
        should(changed).eql([]);
      });

      it('leaves no text empty', () => {
        should(keysWhere(texts, (text) => text.trim() === '')).eql([]);
      });

      it('begins what is wrong with a send with what to do: the debug sidebar shows no more', () => {
        const errors = SEND_ERROR_CODES.map((code) => texts.get(`errors.${code}`) ?? '');
        const beginnings = errors.map((text) => text.slice(0, SHOWN));
        should(new Set(beginnings).size).equal(beginnings.length);
        // the part that says what was not done is the same in all of them, or in all of those that were sent here
        const isHere = (code: string) => code.startsWith('cluster-');
        const here = SEND_ERROR_CODES.map((code) => isHere(code));
        for (const some of [errors.filter((_, at) => here[at]), errors.filter((_, at) => !here[at])]) {
          const notSent = sharedLabel(some);
          should(notSent).not.equal('');
          for (const text of beginnings) should(text.startsWith(notSent)).equal(false, text);
        }
      });

      if (language === 'en-US') return;

      it('leaves nothing in English but what is the same word', () => {
        const same = keysWhere(texts, (text, english) => isUntranslated(language, text, english));
        const expected = Object.keys(SAME_WORD).filter((key) => SAME_WORD[key]?.includes(language));
        should(same.sort()).eql(expected.sort());
      });
    });
  }
});

/** The keys of those texts that `test` picks; a key that is missing is another test's. */
function keysWhere(texts: Texts, test: (text: string, english: string) => boolean): string[] {
  const keys = [...texts.keys()];
  return keys.filter((key) => test(texts.get(key) ?? '', ENGLISH.get(key) ?? ''));
}

function placeholders(text: string): string {
  return (text.match(/__\w+?__/g) ?? []).sort().join();
}

/** What stands before a colon in each of `errors`: `Not sent`. */
function sharedLabel(errors: readonly string[]): string {
  const labels = errors.map((error) => /([^.。:：]+?)\s*[:：]/.exec(error)?.[1]?.trim() ?? '');
  const [first = ''] = labels;
  return labels.every((label) => label === first) ? first : '';
}
