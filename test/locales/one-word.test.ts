import should from 'should';
import { LANGUAGES, type Language, readCatalog, readHelp } from '../support/locales/locales.js';

/** Words that mean a tenant elsewhere, and would be a second one for it here. */
const OTHER_WORDS: Partial<Record<Language, RegExp>> = {
  'pt-BR': /inquilin/i,
  'zh-TW': /租戶/,
};

describe('locales: words', () => {
  for (const language of LANGUAGES) {
    const other = OTHER_WORDS[language];
    if (other === undefined) continue;
    it(`call a tenant the same everywhere in ${language}`, () => {
      const lines = `${readCatalog(language)}\n${readHelp(language)}`.split('\n');
      should(lines.filter((line) => other.test(line))).eql([]);
    });
  }
});
