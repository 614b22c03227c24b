import should from 'should';
import { LANGUAGES, readHelp, readTexts } from '../support/locales/locales.js';
import { isUntranslated } from '../support/locales/untranslated.js';

/** What the help of each node type documents, as it stands in other people's flow files, functions and clients. */
const DOCUMENTED: Readonly<Record<string, Documented>> = {
  'websocket-plus in': {
    properties: ['server', 'client', 'name'],
    fields: [
      'payload',
      '_session',
      'type',
      'id',
      'tenantId',
      'subject',
      'authStatus',
      'routingScope',
      'params',
      'claims',
    ],
    codes: ['msg._session', 'connect', 'disconnect', 'error'],
  },
  'websocket-plus out': {
    properties: ['server', 'client', 'scope', 'skipSender', 'localOnly', 'name'],
    fields: ['payload', '_session'],
    codes: [
      'cluster-down',
      'cluster-busy',
      'cluster-too-large',
      'send-no-session',
      'send-no-tenant',
      'send-not-connected',
      'send-too-large',
      'send-buffer-full',
      'send-unserialisable',
    ],
  },
  'websocket-plus event': {
    properties: ['server', 'client', 'events', 'name'],
    fields: ['event', 'payload', 'topic', '_session'],
    codes: [
      ...[
        'connect',
        'disconnect',
        'address',
        'origin',
        'userAgent',
        'protocol',
        'query',
        'claims',
        'expiresAt',
      ],
      ...[
        'connections',
        'tenantConnections',
        'code',
        'reason',
        'durationMs',
        'received',
        'sent',
        'retryInMs',
      ],
      ...['status', 'error', 'missed', 'attempt', 'expiresIn'],
    ],
  },
  'websocket-plus control': {
    properties: ['server', 'client', 'action', 'name'],
    fields: ['payload', 'action'],
    codes: [
      ...[
        'session',
        'tenantId',
        'subject',
        'jti',
        '{ all: true }',
        'limit',
        'after',
        'seconds',
        'url',
        'token',
      ],
      ...[
        '{ connections, tenants }',
        '{ disconnected }',
        '{ disconnected, until }',
        '{ restored }',
        '{ state }',
      ],
      ...['{ session, address, connectedAt, expiresAt, received, sent, bufferedBytes }', 'control-member'],
      '{ subject, tenantId, jti, before, until }',
    ],
  },
  'websocket-plus-listener': {
    properties: [
      'name',
      'path',
      'wholemsg',
      'jwtValidation',
      'jwtSecret',
      'jwtSecretEncoding',
      'jwksUri',
      'jwtIssuer',
      'jwtAudience',
      'clockTolerance',
      'issuer',
      'issuer2',
      'issuer3',
      'issuer4',
      'verifyFunction',
      'tokenSources',
      'tokenHeader',
      'tokenCookie',
      'origins',
      'refusal',
      'tenantFrom',
      'tenantClaim',
      'tenantId',
      'sessionClaims',
      'routingScope',
      'timeout',
      'authExpiry',
      'rateLimit',
      'maxConnections',
      'maxConnectionsPerSubject',
      'whenFull',
      'enforceLimits',
      'maxPayload',
      'cluster',
    ],
    fields: [],
    codes: [
      ...[
        'hs256',
        'jwks',
        'issuers',
        'function',
        'none',
        'claim',
        'static',
        'tenant',
        'session',
        'global',
        'disconnect',
        'allow',
      ],
      ...['token_missing', 'token_expired', 'tenant_missing', 'keys_unavailable', 'token_invalid'],
      ...['1006', '429', '503', '4401', '4408', '4409', '4429', '1009', '1012', '1013'],
    ],
  },
  'websocket-plus-client': {
    properties: [
      'name',
      'path',
      'tls',
      'subprotocol',
      'wholemsg',
      'authMode',
      'jwt',
      'hb',
      'headers',
      'maxPayload',
    ],
    fields: [],
    codes: ['jwt', 'none', 'connect'],
  },
  'websocket-plus-issuer': {
    properties: [
      'name',
      'issuer',
      'keysFrom',
      'discoveryUrl',
      'jwksUri',
      'keysAuthorization',
      'tls',
      'publicKey',
      'secret',
      'secretEncoding',
      'previousSecret',
      'previousUntil',
      'keysFunction',
      'algorithms',
      'audience',
      'requireExpiry',
      'maxLifetime',
      'clockTolerance',
      'tokenType',
      'tenants',
      'claims',
    ],
    fields: [],
    codes: ['discovery', 'jwks', 'static', 'secret', 'function', '{tid}', '403', 'null'],
  },
  'websocket-plus-cluster': {
    properties: ['broker', 'secret', 'prefix', 'name'],
    fields: [],
    codes: ['cluster-down', 'ECONNREFUSED', 'timeout', 'denied', 'unheard', 'clock', 'wsp/1/#'],
  },
};

interface Documented {
  /** Properties of the node. */
  readonly properties: readonly string[];
  /** Fields of a message. */
  readonly fields: readonly string[];
  /** What stands in `<code>`. */
  readonly codes: readonly string[];
}

/** Between two other tags these may stand in any order: languages put their words in different ones. */
const INLINE = /^<(?:code|b|i)>/;

/** Tags that a failure shows, from the first that differs. */
const SHOWN = 8;

const ENGLISH = readHelp('en-US');

describe('locales: the help', () => {
  for (const language of LANGUAGES) {
    describe(language, () => {
      let help: string;

      before(() => {
        help = readHelp(language);
      });

      it('has a section for each node type', () => {
        should([...sections(help).keys()]).eql(Object.keys(DOCUMENTED));
      });

      it('documents every property, field and code', () => {
        for (const [type, { properties, fields, codes }] of Object.entries(DOCUMENTED)) {
          const section = sections(help).get(type) ?? '';
          const missing = [
            ...properties.filter(
              (name) => !section.includes(`<span class="property-type">${name}</span></dt>`),
            ),
            ...fields.filter((name) => !new RegExp(`<dt[^>]*>${name} <span`).test(section)),
            ...codes.filter((code) => !section.includes(`<code>${code}</code>`)),
          ];
          should(missing).eql([], type);
        }
      });

      it('begins the help of a listener with where to look when a browser cannot connect, in five lines', () => {
        const [, questions = '', refused = ''] = (sections(help).get('websocket-plus-listener') ?? '').split(
          '<h3>',
        );
        should(questions.match(/<li>/g)?.length).equal(5);
        should(questions).containEql('<code>1006</code>');
        should(refused).containEql('<code>token_expired</code>');
      });

      if (language === 'en-US') return;

      it('has the tags and the code of the English help', () => {
        const found = structure(help);
        const expected = structure(ENGLISH);
        const end = Math.max(found.length, expected.length);
        let at = 0;
        while (at < end && found[at] === expected[at]) at += 1;
        should(found.slice(at, at + SHOWN)).eql(expected.slice(at, at + SHOWN));
      });

      it('leaves no sentence in English', () => {
        const english = blocks(ENGLISH);
        const found = blocks(help);
        should(found.length).equal(english.length);
        const untranslated = found.filter(
          (text, index) => isLong(text) && isUntranslated(language, text, english[index] ?? ''),
        );
        should(untranslated).eql([]);
      });

      it('calls things what the dialogs call them', () => {
        const texts = readTexts(language);
        const keys = new Map([...readTexts('en-US')].map(([key, text]) => [text, key]));
        const quoted = quotations(help);
        for (const quotation of quotations(ENGLISH)) {
          const key = keys.get(quotation);
          if (key !== undefined) should(quoted).containEql(texts.get(key));
        }
      });
    });
  }
});

/** The help of each node type, without the script around it. */
function sections(help: string): ReadonlyMap<string, string> {
  const scripts = /<script type="text\/html" data-help-name="([^"]*)">(.*?)<\/script>/gs;
  return new Map(Array.from(help.matchAll(scripts), ([, type = '', section = '']) => [type, section]));
}

/** All tags in their order, with what stands in `<code>`. */
function structure(help: string): string[] {
  const emptied = help.replace(/<(b|i)>[^<]*<\/\1>/g, '<$1></$1>');
  const tags = emptied.match(/<(code|b|i)>[^<]*<\/\1>|<[^>]*>/g) ?? [];
  const found: string[] = [];
  let inline: string[] = [];
  for (const tag of tags) {
    if (INLINE.test(tag)) {
      inline.push(tag);
    } else {
      found.push(...inline.sort(), tag);
      inline = [];
    }
  }
  return found;
}

/** The text of each heading, paragraph and list item; a paragraph's code is not its language. */
function blocks(help: string): string[] {
  return Array.from(help.matchAll(/<(h3|p|dd|li)>(.*?)<\/\1>/gs), ([, , html = '']) =>
    html
      .replace(/<code>.*?<\/code>/gs, ' ')
      .replace(/<[^>]*>/g, '')
      .replace(/\s+/g, ' '),
  );
}

/** A heading of one word may be the same in two languages. */
function isLong(text: string): boolean {
  return (text.match(/\p{L}+/gu) ?? []).length > 2;
}

/** What stands in bold or italics: names of nodes, and texts that can be read elsewhere. */
function quotations(help: string): string[] {
  return Array.from(help.matchAll(/<(b|i)>(.*?)<\/\1>/gs), ([, , text = '']) => text.replace(/\s+/g, ' '));
}
