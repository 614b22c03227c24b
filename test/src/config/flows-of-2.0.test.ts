import should from 'should';
import { placeToken } from '../../../src/client/place-token.js';
import { parseClientOptions } from '../../../src/config/client-options.js';
import { parseListenerOptions, parseListenerPath } from '../../../src/config/listener-options.js';
import { requestPath } from '../../../src/config/path.js';
import type { RawProperties } from '../../../src/config/schema.js';
import { openKeys } from '../../../src/keys/open-keys.js';
import { createIdentify } from '../../../src/token/identify.js';
import { CLAIMS, type Claims, SECRET, seconds, token } from '../../support/core/tokens.js';

/** What 2.0 wrote for a new listener; `jwtSecret` is a credential. */
const NEW_IN_2_0 = {
  path: '/ws/example',
  wholemsg: 'false',
  jwtValidation: 'hs256',
  jwksUri: '',
  jwtIssuer: '',
  jwtAudience: '',
  tenantFrom: 'claim',
  tenantClaim: 'tenant_id',
  tenantId: '',
  routingScope: 'tenant',
  timeout: '',
  authExpiry: 'disconnect',
  rateLimit: '',
  maxConnections: '',
  enforceLimits: true,
  maxPayload: '1048576',
};

/** What came after 2.0, and is off. */
const LATER = {
  tokenSources: ['query'],
  tokenHeader: 'Authorization',
  tokenCookie: 'token',
  origins: [],
  refusal: 'http',
  sessionClaims: [],
};

const DEFAULTS = {
  ...LATER,
  wholeMessage: false,
  validation: { kind: 'hs256', secret: SECRET },
  tenant: { kind: 'claim', name: 'tenant_id' },
  scope: 'tenant',
  closeOnExpiry: true,
  maxPayload: 1048576,
};

/** The same for clients. */
const LATER_OF_CLIENTS = {
  takesOver: false,
  waiting: { kind: 'refused' },
  reconnects: true,
  maxBackoffMs: 30_000,
  handshakeTimeoutMs: 10_000,
};

const none = () => undefined;

/** Listeners in flow files of 2.0, and what they have meant since. */
const LISTENERS: [what: string, raw: RawProperties, options: object][] = [
  ['says nothing but its path', { path: '/ws' }, DEFAULTS],
  ['is as 2.0 made it', NEW_IN_2_0, DEFAULTS],
  [
    'has the limits of the product before as notes',
    { path: '/ws', rateLimit: '5', maxConnections: '9' },
    DEFAULTS,
  ],
  [
    'uses all that 2.0 had',
    {
      ...NEW_IN_2_0,
      wholemsg: 'true',
      jwtValidation: 'jwks',
      jwksUri: 'https://login.example.com/keys',
      jwtIssuer: 'https://login.example.com/',
      jwtAudience: 'chat',
      tenantClaim: 'app_metadata.tenant_id',
      routingScope: 'session',
      timeout: '60',
      authExpiry: 'allow',
      rateLimit: '5',
      maxConnections: '9',
      maxPayload: '4096',
    },
    {
      ...LATER,
      wholeMessage: true,
      validation: { kind: 'jwks', uri: 'https://login.example.com/keys' },
      issuer: 'https://login.example.com/',
      audience: 'chat',
      tenant: { kind: 'claim', name: 'app_metadata.tenant_id' },
      scope: 'session',
      sessionTimeoutMs: 60_000,
      closeOnExpiry: false,
      rateLimit: 5,
      maxConnections: 9,
      maxPayload: 4096,
    },
  ],
  [
    'is open and has one tenant',
    { path: '/ws', jwtValidation: 'none', tenantFrom: 'static', tenantId: ' house ' },
    {
      ...DEFAULTS,
      tokenSources: [],
      validation: { kind: 'none' },
      tenant: { kind: 'static', tenantId: ' house ' },
    },
  ],
  [
    'carries properties of other products',
    { path: '/ws', jwtSecretEncodings: 'hex', clockTolerances: 9, constructor: 'x' },
    DEFAULTS,
  ],
];

/** What a listener of 2.0 made of a token, and has to make of it still. */
const TOKENS: [
  what: string,
  raw: RawProperties,
  secret: string,
  claims: Claims,
  tenant: string | undefined,
][] = [
  ['an exp that has passed by a second', {}, SECRET, { ...CLAIMS, exp: seconds(-1) }, undefined],
  ['an nbf that is an hour ahead', {}, SECRET, { ...CLAIMS, nbf: seconds(3600) }, undefined],
  ['no exp', {}, SECRET, CLAIMS, 'acme'],
  ['a secret with white space around', {}, ` ${SECRET}\n`, CLAIMS, 'acme'],
  ['a secret that looks like hex', {}, 'ab'.repeat(32), CLAIMS, 'acme'],
  ['a secret that looks like base64', {}, `${'QUJD'.repeat(16)}==`, CLAIMS, 'acme'],
  ['an audience with a comma', { jwtAudience: 'a,b' }, SECRET, { ...CLAIMS, aud: 'a,b' }, 'acme'],
  [
    'an audience with a comma, in a list',
    { jwtAudience: 'a, b' },
    SECRET,
    { ...CLAIMS, aud: ['a, b'] },
    'acme',
  ],
  ['a claim with dots in its name', { tenantClaim: 'a.b' }, SECRET, { 'a.b': 'x', a: { b: 'y' } }, 'x'],
  [
    'a claim with dots in its name, of no use',
    { tenantClaim: 'a.b' },
    SECRET,
    { 'a.b': '', a: { b: 'y' } },
    undefined,
  ],
  ['a nested claim', { tenantClaim: 'a.b' }, SECRET, { a: { b: 'y' } }, 'y'],
  ['a claim that is called *', { tenantClaim: 'a.*' }, SECRET, { a: { '*': 'x', y: 'z' } }, 'x'],
  ['a list as claim', { tenantClaim: 'a.0' }, SECRET, { a: ['x'] }, undefined],
];

describe('src/config: a flow file of 2.0 means what it meant', () => {
  for (const [what, raw, options] of LISTENERS) {
    it(`where a listener ${what}`, () => {
      should(parseListenerOptions(raw, SECRET)).eql(options);
    });
  }

  for (const [what, raw, secret, claims, tenant] of TOKENS) {
    it(`to a token with ${what}`, async () => {
      const options = parseListenerOptions({ path: '/ws', ...raw }, secret);
      const identify = createIdentify(
        openKeys(options.validation, () => {}),
        options,
      );
      if (identify.kind !== 'token') throw new Error('it looks at no token');
      const { verify } = identify;
      const found = await (async () => verify(token(claims, { secret })))().then(
        ({ tenantId }) => tenantId,
        () => undefined,
      );
      should(found).equal(tenant);
    });
  }

  it('in a path that has nothing of a parameter or a variable', () => {
    for (const [path, spelt] of [
      ['/ws', '/ws'],
      ['ws/a', 'ws/a'],
      ['/ws/', '/ws/'],
      ['/grüße', '/gr%C3%BC%C3%9Fe'],
      ['/a:b/$x/{y}', '/a:b/$x/%7By%7D'],
      ['/a%20b', '/a%20b'],
    ] as const) {
      should(requestPath(parseListenerPath({ path }, none))).equal(spelt);
    }
  });

  for (const [what, raw, jwt, options] of [
    [
      'says nothing but its URL',
      { path: 'wss://h/ws?a=1' },
      ' a.b.c\n',
      { url: 'wss://h/ws?a=1&token=a.b.c', wholeMessage: false, subprotocols: [], headers: {} },
    ],
    [
      'uses all that 2.0 had',
      {
        path: 'ws://h/ws',
        tls: '',
        subprotocol: 'a, b',
        wholemsg: 'true',
        authMode: 'none',
        hb: '5',
        headers: [{ keyType: 'other', keyValue: 'X-Key', valueType: 'other', valueValue: '$5 {x}' }],
      },
      undefined,
      {
        url: 'ws://h/ws',
        wholeMessage: true,
        subprotocols: ['a', 'b'],
        headers: { 'X-Key': '$5 {x}' },
        heartbeatMs: 5000,
      },
    ],
  ] as const) {
    it(`where a client ${what}`, () => {
      // 16 MiB was the limit without a property of that name
      const { address, token, placement, ...others } = parseClientOptions(raw, { jwt });
      if (address.kind !== 'url') throw new Error('it has a URL');
      const target = {
        url: address.url,
        subprotocols: [],
        headers: {},
        tls: {},
        proxy: undefined,
        login: { kind: 'none' },
      } as const;
      const { url } = token.kind === 'fixed' ? placeToken(target, placement, token.token) : target;
      should({ url, ...others }).eql({ ...options, ...LATER_OF_CLIENTS, maxPayload: 16_777_216 });
    });
  }

  it('except where it was a danger: what is public, or half a variable, is no secret any more', () => {
    const pem = `-----BEGIN PUBLIC KEY-----\n${'QUJD'.repeat(16)}\n-----END PUBLIC KEY-----\n`;
    should(() => parseListenerOptions({ path: '/ws' }, pem)).throw({ code: 'secret-public' });
    const half = `${SECRET}$`.concat('{X}');
    should(() => parseListenerOptions({ path: '/ws' }, half)).throw({ code: 'secret-variable' });
  });
});
