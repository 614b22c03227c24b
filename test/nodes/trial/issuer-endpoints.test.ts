import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import should from 'should';
import {
  CLAIMS,
  OTHER_SECRET,
  SECRET,
  type Signer,
  seconds,
  signer,
  token,
} from '../../support/core/tokens.js';
import { type LinkedNodeRed, linkedNodeRed } from '../../support/package/linked-node-red.js';
import type { NodeRedProcess } from '../../support/package/node-red-process.js';

const AUTHORIZATION = 'Bearer stored-for-one-server';
const USERS = { all: '*', reader: 'read', trier: ['websocket-plus.write'] };
const ISSUER = 'websocket-plus-issuer';

type Json = Record<string, unknown>;

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly json: Json;
  readonly stored: string | null;
}

/** A server of keys that remembers who asked, and can be slow. */
class KeyServer {
  readonly asked: { readonly path: string; readonly authorization: string | undefined }[] = [];
  answer: RequestListener = () => {};
  readonly #server: Server;
  readonly #waiting: (() => void)[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      const { url = '', headers } = request;
      this.asked.push({ path: url, authorization: headers.authorization });
      this.answer(request, response);
      for (const tell of this.#waiting.splice(0)) tell();
    });
  }

  static async start(): Promise<KeyServer> {
    const one = new KeyServer();
    one.#server.listen(0, '127.0.0.1');
    await once(one.#server, 'listening');
    return one;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves at the next request. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

describe('nodes: trying issuers, and fetching their keys', () => {
  let linked: LinkedNodeRed;
  let red: NodeRedProcess;
  let rsa: Signer;
  let own: KeyServer;
  let other: KeyServer;
  let fetched: Json;

  before(async () => {
    rsa = await signer('RS256', 'rsa-1');
    own = await KeyServer.start();
    other = await KeyServer.start();
    own.answer = (_request, response) => response.end(JSON.stringify({ keys: [rsa.jwk] }));
    other.answer = own.answer;
    fetched = { issuer: 'https://fetched', keysFrom: 'jwks', jwksUri: `${own.origin}/keys` };
    const flow = [
      { id: 'f', type: 'tab', label: 'Flow' },
      { id: 's', type: ISSUER, name: 'Shared', issuer: 'https://shared', keysFrom: 'secret' },
      { id: 'k', type: ISSUER, ...fetched },
      { id: 'n', type: ISSUER, ...fetched, issuer: 'https://open' },
      { id: 'd', type: ISSUER, d: true, issuer: 'https://disabled', keysFrom: 'secret' },
      { id: 'l', type: 'websocket-plus-listener', path: '/ws', jwtValidation: 'issuers', issuer: 's' },
      { id: 'in', type: 'websocket-plus in', z: 'f', x: 1, y: 1, server: 'l', wires: [[]] },
    ];
    linked = await linkedNodeRed({
      flow,
      credentials: { s: { secret: SECRET }, k: { keysAuthorization: AUTHORIZATION }, d: { secret: SECRET } },
      users: USERS,
      env: { ISSUER_OF_L: 's' },
    });
    red = linked.nodeRed;
  });
  after(async () => {
    await linked.stop();
    await own.stop();
    await other.stop();
  });
  beforeEach(() => {
    own.asked.length = 0;
    other.asked.length = 0;
  });

  async function post(name: string, body: unknown, user = 'all'): Promise<Answer> {
    const response = await fetch(`${red.url}/websocket-plus/${name}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${user}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    const json = text.startsWith('{') ? (JSON.parse(text) as Json) : {};
    return { status: response.status, text, json, stored: response.headers.get('cache-control') };
  }

  const shared = { name: 'Shared', issuer: 'https://shared', keysFrom: 'secret' };
  const ofShared = (secret = SECRET) =>
    token({ ...CLAIMS, iss: 'https://shared', exp: seconds(60) }, { secret });

  function dialog(id: string, properties: Json, credentials: Json = {}) {
    return { id, properties, credentials };
  }
  function tryIssuer(one: Json, jwt: string, tenantClaim = 'tenant_id') {
    return post('try-issuer', { ...one, token: jwt, tenantClaim });
  }
  function tryListener(issuers: readonly Json[], jwt: string, properties: Json = {}, more: Json = {}) {
    const listener = { path: '/ws', jwtValidation: 'issuers', issuer: 's', ...properties };
    return post('try-token', { id: 'l', properties: listener, issuers, token: jwt, ...more });
  }
  function code({ text }: Answer): string {
    return /"(?:error|code)":"([^"]+)"/.exec(text)?.[1] ?? text;
  }

  describe('a listener with issuers', () => {
    it('is tried with the deployed issuer and its secret where nothing was changed', async () => {
      const answer = await tryListener([dialog('s', shared)], ofShared());
      should(answer.json).match({ verdict: { kind: 'accepted', session: { tenantId: 'acme' } } });
      should(answer.text).containEql('"name":"Shared"');
    });

    it('is tried with what was changed in the editor, and with a secret that was typed', async () => {
      const strict = dialog('s', { ...shared, audience: 'chat' });
      should((await tryListener([strict], ofShared())).json).match({
        verdict: { because: { cause: 'audience' } },
      });
      const typed = dialog('s', shared, { secret: OTHER_SECRET });
      should((await tryListener([typed], ofShared(OTHER_SECRET))).json).match({
        verdict: { kind: 'accepted' },
      });
      should((await tryListener([typed], ofShared())).json).match({
        verdict: { because: { cause: 'signature' } },
      });
    });

    it('is tried with an issuer that was never deployed', async () => {
      const fresh = dialog('new', { ...fetched, jwksUri: `${other.origin}/keys` }, { keysAuthorization: '' });
      const jwt = await rsa.sign({ ...CLAIMS, iss: 'https://fetched', exp: seconds(60) });
      const answer = await tryListener([dialog('s', shared), fresh], jwt, { issuer2: 'new' });
      should(answer.json).match({ verdict: { kind: 'accepted' } });
      should(other.asked).eql([{ path: '/keys', authorization: undefined }]);
    });

    it('is tried with the running issuer that a variable names', async () => {
      const answer = await tryListener([], ofShared(), { issuer: '$'.concat('{ISSUER_OF_L}') });
      should(answer.json).match({ verdict: { kind: 'accepted' } });
    });

    it('says that an issuer is not there, is disabled, or is not as it should be', async () => {
      should(code(await tryListener([], ofShared(), { issuer: 'gone' }))).equal('issuer-broken');
      should(code(await tryListener([], ofShared(), { issuer: 'd' }))).equal('issuer-broken');
      should(code(await tryListener([dialog('s', shared, { secret: 'short' })], ofShared()))).equal(
        'secret-short',
      );
      should(code(await tryListener([dialog('new', shared)], ofShared(), { issuer: 'new' }))).equal(
        'secret-missing',
      );
    });

    it('takes the address of a page for its origin, and the host of the editor for its own', async () => {
      for (const [origin, allowed] of [
        [`${red.url}/some/page?x`, true],
        ['https://evil.example', false],
        ['none', false],
      ] as const) {
        const answer = await tryListener([dialog('s', shared)], ofShared(), { origins: 'same' }, { origin });
        should(answer.json).match({ verdict: allowed ? { kind: 'accepted' } : { code: 'origin_forbidden' } });
      }
    });

    it('makes a token of its first issuer with a secret, and no address where that is no place for it', async () => {
      const wish = { subject: 'ann', tenantId: 'acme', lifetimeSeconds: 60 };
      for (const [properties, hasTarget] of [
        [{}, true],
        [{ tokenSources: 'header' }, false],
      ] as const) {
        const listener = { path: '/ws', jwtValidation: 'issuers', issuer: 's', ...properties };
        const body = { id: 'l', properties: listener, issuers: [dialog('s', shared)], ...wish };
        const { json } = await post('make-token', body);
        should('target' in json).equal(hasTarget);
        const tried = await tryListener([dialog('s', shared)], String(json.token), properties);
        should(tried.json).match({ verdict: { kind: 'accepted' } });
      }
    });
  });

  describe('an issuer alone', () => {
    it('is tried, and makes tokens that are in order', async () => {
      const one = dialog('s', shared);
      should((await tryIssuer(one, ofShared())).json).match({ verdict: { kind: 'in-order' } });
      const wish = { subject: '', tenantId: 'acme', lifetimeSeconds: 60, tenantClaim: 'org' };
      const { json } = await post('make-issuer-token', { ...one, ...wish });
      should((await tryIssuer(one, String(json.token), 'org')).json).match({ verdict: { kind: 'in-order' } });
      should(code(await post('make-issuer-token', { ...dialog('k', fetched), ...wish }))).equal(
        'make-needs-secret',
      );
    });

    it('counts as unchanged where a field for a credential is empty, and none is stored', async () => {
      const jwt = await rsa.sign({ ...CLAIMS, iss: 'https://open', exp: seconds(60) });
      const properties = { ...fetched, issuer: 'https://open' };
      const empty = { secret: '', previousSecret: '', keysAuthorization: '' };
      should((await tryIssuer(dialog('n', properties, empty), jwt)).json).match({
        verdict: { kind: 'in-order' },
      });
      should(own.asked).eql([]);
      should((await tryIssuer(dialog('k', fetched, empty), jwt)).status).equal(200);
      should(own.asked).eql([{ path: '/keys', authorization: undefined }]);
    });

    it('uses its keys that are there: nothing is fetched for an unchanged one', async () => {
      const jwt = await rsa.sign({ ...CLAIMS, iss: 'https://fetched', exp: seconds(60) });
      should((await tryIssuer(dialog('k', fetched), jwt)).json).match({ verdict: { kind: 'in-order' } });
      should(own.asked).eql([]);
      const changed = dialog('k', { ...fetched, audience: 'chat' });
      should((await tryIssuer(changed, jwt)).json).match({ verdict: { because: { cause: 'audience' } } });
      should(own.asked).eql([{ path: '/keys', authorization: AUTHORIZATION }]);
    });
  });

  describe('fetching now', () => {
    it('shows addresses and keys, with what is stored for that server', async () => {
      const answer = await post('fetch-keys', dialog('k', fetched));
      should([answer.status, answer.stored]).eql([200, 'no-store']);
      should(answer.json).eql({
        addresses: [`${own.origin}/keys`],
        keySet: { kind: 'fetched', keys: [{ kid: 'rsa-1', kty: 'RSA', alg: 'RS256', use: 'sig' }] },
      });
      should(own.asked).eql([{ path: '/keys', authorization: AUTHORIZATION }]);
    });

    it('sends what is stored for one server to no other: not typed again, it has to be deployed first', async () => {
      const elsewhere = { ...fetched, jwksUri: `${other.origin}/keys` };
      for (const properties of [elsewhere, { ...elsewhere, keysFrom: 'discovery', issuer: other.origin }]) {
        should(code(await post('fetch-keys', dialog('k', properties)))).equal('issuer-undeployed');
        should(code(await tryIssuer(dialog('k', properties), 'x'))).equal('issuer-undeployed');
      }
      should(other.asked).eql([]);
      await post('fetch-keys', dialog('k', elsewhere, { keysAuthorization: 'Bearer typed' }));
      should(other.asked).eql([{ path: '/keys', authorization: 'Bearer typed' }]);
    });

    it('says that a TLS configuration has to be deployed first', async () => {
      const answer = await post('fetch-keys', dialog('new', { ...fetched, tls: 'undeployed' }, {}));
      should(code(answer)).equal('issuer-undeployed');
    });

    it('asks once at a time for each issuer', async () => {
      let release = () => {};
      const before = own.answer;
      own.answer = (_request, response) => {
        release = () => response.end('{"keys":[]}');
      };
      const asked = own.next();
      const first = post('fetch-keys', dialog('k', fetched));
      await asked;
      const second = await post('fetch-keys', dialog('k', fetched));
      should([second.status, code(second)]).eql([429, 'trial-busy']);
      own.answer = before;
      release();
      should((await first).json).match({ keySet: { kind: 'fetched', keys: [] } });
      should((await post('fetch-keys', dialog('k', fetched))).status).equal(200);
    });

    it('is held to the addresses that may be deployed, and says so of an issuer without any', async () => {
      for (const jwksUri of ['file:///etc/passwd', 'https://user:pass@x/', '']) {
        should(code(await post('fetch-keys', dialog('k', { ...fetched, jwksUri })))).equal('jwks-uri');
      }
      should(code(await post('fetch-keys', dialog('s', shared)))).equal('keys-nowhere');
    });
  });

  it('serves those who may try tokens, and nobody else', async () => {
    const bodies: Record<string, Json> = {
      'fetch-keys': dialog('k', fetched),
      'try-issuer': { ...dialog('s', shared), token: ofShared(), tenantClaim: '' },
      'make-issuer-token': {
        ...dialog('s', shared),
        subject: '',
        tenantId: '',
        lifetimeSeconds: 60,
        tenantClaim: '',
      },
    };
    for (const [name, body] of Object.entries(bodies)) {
      should((await post(name, body, 'trier')).status).equal(200, name);
      for (const user of ['reader', 'nobody']) should((await post(name, body, user)).status).equal(401, name);
      for (const broken of [[], {}, { ...body, credentials: { secret: 7 } }, { ...body, properties: [] }]) {
        should((await post(name, broken)).text).equal('{"error":"bad-request"}');
      }
    }
    const many = Array.from({ length: 5 }, () => dialog('s', shared));
    should((await tryListener(many, ofShared())).text).equal('{"error":"bad-request"}');
  });

  it('has logged no token, no secret and no credential, at any level', async () => {
    await tryIssuer(dialog('s', shared, { secret: 'a typed secret that is long enough' }), ofShared());
    for (const part of [SECRET, 'typed secret', 'stored-for-one-server', ...ofShared().split('.')]) {
      should(red.log).not.containEql(part);
    }
  });
});
