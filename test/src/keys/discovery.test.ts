import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import should from 'should';
import { type Discovery, discoverKeys } from '../../../src/keys/discovery.js';
import { JwksError } from '../../../src/keys/jwks-error.js';
import { type Signer, signer } from '../../support/core/tokens.js';

const NONE = new AbortController().signal;

describe('src/keys/discovery', () => {
  let rsa: Signer;
  let server: Server;
  let origin: string;
  /** What each path is answered with; any other gets 404. */
  let answers: Map<string, unknown>;
  let asked: { path: string; authorization: string | undefined }[];

  before(async () => {
    rsa = await signer('RS256', 'one');
  });
  beforeEach(async () => {
    asked = [];
    const answer: RequestListener = ({ url = '', headers: { authorization } }, response) => {
      asked.push({ path: url, authorization });
      const found = answers.get(url);
      if (typeof found === 'function') found(response);
      else if (found === undefined) response.writeHead(404).end();
      else response.end(JSON.stringify(found));
    };
    server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    answers = new Map([['/keys', { keys: [rsa.jwk] }]]);
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  function discover(discovery: Partial<Discovery> = {}, timeoutMs = 4000, authorization?: string) {
    return discoverKeys({ issuer: `${origin}/a`, ...discovery }, timeoutMs, NONE, { authorization }).then(
      ({ keys }) => keys.length,
      (error: unknown) => (error instanceof JwksError ? error.code : error),
    );
  }

  const document = (issuer = `${origin}/a`, uri: unknown = `${origin}/keys`) => ({ issuer, jwks_uri: uri });

  it('finds the keys at the usual place, and shows both servers the header', async () => {
    answers.set('/a/.well-known/openid-configuration', document());
    should(await discover({}, 4000, 'Bearer x')).equal(1);
    should(asked).eql([
      { path: '/a/.well-known/openid-configuration', authorization: 'Bearer x' },
      { path: '/keys', authorization: 'Bearer x' },
    ]);
  });

  it('puts no second slash behind an issuer that ends with one', async () => {
    answers.set('/a/.well-known/openid-configuration', document(`${origin}/a/`));
    should(await discover({ issuer: `${origin}/a/` })).equal(1);
  });

  it('takes the place of RFC 8414 where the other has nothing, and only there', async () => {
    answers.set('/.well-known/oauth-authorization-server/a', document());
    should(await discover()).equal(1);
    answers.set(
      '/a/.well-known/openid-configuration',
      (response: { writeHead(code: number): { end(): void } }) => response.writeHead(500).end(),
    );
    should(await discover()).equal('jwks-status');
  });

  it('asks the address that is configured, and nobody else', async () => {
    answers.set('/d', document('https://login.example.com/a'));
    should(await discover({ issuer: 'https://login.example.com/a', url: `${origin}/d` })).equal(1);
  });

  it('compares placeholders by their place', async () => {
    answers.set('/d', document('https://login.example.com/{tenantid}/v2.0'));
    const url = `${origin}/d`;
    should(await discover({ issuer: 'https://login.example.com/{tid}/v2.0', url })).equal(1);
    should(await discover({ issuer: 'https://login.example.com/{tid}/v1.0', url })).equal('discovery-issuer');
    should(await discover({ issuer: 'https://login.example.com/tid/v2.0', url })).equal('discovery-issuer');
  });

  const place = '/a/.well-known/openid-configuration';
  const rows: readonly [what: string, answer: () => unknown, expected: string][] = [
    ['names another issuer', () => document('https://evil.example'), 'discovery-issuer'],
    ['differs by a slash', () => document(`${origin}/a/`), 'discovery-issuer'],
    ['names no issuer', () => ({ jwks_uri: `${origin}/keys` }), 'discovery-malformed'],
    ['is null', () => null, 'discovery-malformed'],
    ['is a list', () => [], 'discovery-malformed'],
    ['names no key set', () => ({ issuer: `${origin}/a` }), 'discovery-jwks-uri'],
    [
      'names a key set without encryption',
      () => document(undefined, 'http://evil.example/keys'),
      'discovery-jwks-uri',
    ],
    ['names a file', () => document(undefined, 'file:///etc/passwd'), 'discovery-jwks-uri'],
    [
      'names a metadata address',
      () => document(undefined, 'https://169.254.169.254/latest'),
      'discovery-jwks-uri',
    ],
    ['writes that as a number', () => document(undefined, 'https://2852039166/'), 'discovery-jwks-uri'],
    [
      'writes that as IPv6',
      () => document(undefined, 'https://[::ffff:169.254.169.254]/'),
      'discovery-jwks-uri',
    ],
    ['names a link-local address', () => document(undefined, 'https://[fe80::1]/'), 'discovery-jwks-uri'],
    [
      'names a metadata host',
      () => document(undefined, 'https://metadata.google.internal/'),
      'discovery-jwks-uri',
    ],
    [
      'redirects',
      () => (response: { writeHead(code: number, headers: object): { end(): void } }) =>
        response.writeHead(302, { location: `${origin}/keys` }).end(),
      'jwks-redirect',
    ],
    [
      'never ends',
      () => (response: { write(text: string): void }) => response.write('{"issuer":"'),
      'jwks-timeout',
    ],
    [
      'is larger than 1 MiB',
      () => (response: { end(text: string): void }) =>
        response.end(JSON.stringify({ x: 'x'.repeat(2 ** 20) })),
      'jwks-too-large',
    ],
    ['is no JSON', () => (response: { end(text: string): void }) => response.end('<html>'), 'jwks-malformed'],
    ['names a place without keys', () => document(undefined, `${origin}/nothing`), 'jwks-status'],
  ];
  for (const [what, answer, expected] of rows) {
    it(`says ${expected} of a document that ${what}`, async () => {
      answers.set(place, answer());
      should(await discover({}, expected === 'jwks-timeout' ? 100 : 4000)).equal(expected);
    });
  }
});
