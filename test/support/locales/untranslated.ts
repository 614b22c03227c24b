import type { Language } from './locales.js';

/** What is written alike in every language: placeholders, addresses, identifiers and the names of standards. */
const NAMES =
  /__\w+?__|\w+:\/\/[\w./-]*|[\w.]*[_+][\w.+]*|\w+(?:\.\w+)+|JSON Web (?:Token|Key)|\b(?:RFC|URL|JWT|JWKS?|JSON|TLS|HTTPS?|DNS|WebSocket|Node-RED|HS256|RS256|ES256|CONNECT|MiB|UTF-8|base64(?:url)?)\b/g;

/** A letter that no text of such a language does without. */
const SCRIPTS: Partial<Record<Language, RegExp>> = {
  ja: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u,
  ko: /\p{Script=Hangul}/u,
  ru: /\p{Script=Cyrillic}/u,
  'zh-CN': /\p{Script=Han}/u,
  'zh-TW': /\p{Script=Han}/u,
};

/** Shortest sentence, in words, that two languages do not share by chance. */
const SENTENCE_WORDS = 3;

/**
 * Whether `text` is still English, whole or in one of its sentences. Case, punctuation and spaces make no difference, and
 * a text that holds nothing but names (`URL`, `__found__`) has nothing to translate.
 */
export function isUntranslated(language: Language, text: string, english: string): boolean {
  if (words(english) === '') return false;
  if (words(text) === '' || words(text) === words(english)) return true;
  if (SCRIPTS[language]?.test(text) === false) return true;
  const original = new Set(sentences(english));
  return sentences(text).some((sentence) => original.has(sentence));
}

function sentences(text: string): string[] {
  return text
    .split(/(?<=[.:;!?…])\s+/)
    .map(words)
    .filter((sentence) => sentence.split(' ').length >= SENTENCE_WORDS);
}

function words(text: string): string {
  return (text.replace(NAMES, ' ').match(/[\p{L}\p{M}]+/gu) ?? []).join(' ').toLowerCase();
}
