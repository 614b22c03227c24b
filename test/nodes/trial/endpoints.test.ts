import should from 'should';
import { JwksServer } from '../../support/core/jwks-server.js';
import { SocketClient } from '../../support/core/socket-client.js';
import { CLAIMS, OTHER_SECRET, SECRET, seconds, signer, token } from '../../support/core/tokens.js';
import { type LinkedNodeRed, linkedNodeRed } from '../../support/package/linked-node-red.js';
import type { NodeRedProcess } from '../../support/package/node-red-process.js';

const ENV_SECRET = 'a secret out of the environment, long';
const USERS = {
  all: '*',
  reader: 'read',
  deployer: ['flows.read', 'flows.write'],
  trier: ['websocket-plus.write'],
};

const GLOBAL = {
  id: 'g',
  type: 'global-config',
  env: [{ name: 'ISSUER', value: 'https://issuer', type: 'str' }],
};
const FLOW = [
  { id: 'f', type: 'tab', label: 'Flow' },
  GLOBAL,
  { id: 'l', type: 'websocket-plus-listener', path: '/ws' },
  { id: 'v', type: 'websocket-plus-listener', path: '/variable' },
  { id: 'd', type: 'websocket-plus-listener', path: '/disabled', d: true },
  { id: 'c', type: 'comment', z: 'f', x: 1, y: 1 },
];
const CREDENTIALS = {
  l: { jwtSecret: SECRET },
  v: { jwtSecret: variable('SECRET_VARIABLE') },
  d: { jwtSecret: OTHER_SECRET },
  c: { jwtSecret: SECRET },
};

/** A reference to an environment variable, as it stands in a flow file. */
function variable(name: string): string {
  return `$\{${name}}`;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

describe('nodes: trying and making tokens', () => {
  let linked: LinkedNodeRed;
  let red: NodeRedProcess;
  before(async () => {
    linked = await linkedNodeRed({
      flow: FLOW,
      credentials: CREDENTIALS,
      users: USERS,
      settings: { httpAdminRoot: '/admin', httpNodeRoot: '/api', envVarExcludes: ['HIDDEN'] },
      env: { SECRET_VARIABLE: ENV_SECRET, AUDIENCE: 'chat', HIDDEN: 'hidden-value' },
    });
    red = linked.nodeRed;
  });
  after(() => linked.stop());

  async function send(path: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(`${red.url}${path}`, { method: 'POST', ...init });
    const text = await response.text();
    const json = text.startsWith('{') ? JSON.parse(text) : {};
    return { status: response.status, headers: response.headers, text, json };
  }
  function post(name: string, body: unknown, user = 'all', root = '/admin'): Promise<Answer> {
    return send(`${root}/websocket-plus/${name}`, {
      headers: { authorization: `Bearer ${user}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }
  function trial(fields: Record<string, unknown> = {}) {
    return post('try-token', { id: 'l', properties: { path: '/ws' }, token: token(), ...fields });
  }
  function make(fields: Record<string, unknown> = {}) {
    const wish = { subject: 'ann', tenantId: 'acme', lifetimeSeconds: 60 };
    return post('make-token', { id: 'l', properties: { path: '/ws' }, ...wish, ...fields });
  }
  function accepted(answer: Answer): void {
    should(answer.json).match({ verdict: { kind: 'accepted' } });
  }
  function refused(answer: Answer, code: string): void {
    should(answer.json).match({ verdict: { kind: 'refused', code } });
  }

  describe('who may', () => {
    const allowed: Record<string, number> = { all: 200, trier: 200, reader: 401, deployer: 401, nobody: 401 };
    for (const [user, status] of Object.entries(allowed)) {
      it(`answers ${user} with ${status}`, async () => {
        const body = { id: 'l', properties: { path: '/ws' }, token: token() };
        should((await post('try-token', body, user)).status).equal(status);
        const wish = { ...body, subject: '', tenantId: 'acme', lifetimeSeconds: 60 };
        should((await post('make-token', wish, user)).status).equal(status);
      });
    }

    it('serves nobody under the root of the flows', async () => {
      const body = { id: 'l', properties: { path: '/ws' }, token: token() };
      for (const root of ['/api', '']) should((await post('try-token', body, 'all', root)).status).equal(404);
    });
  });

  describe('which secret', () => {
    it('takes the deployed one where none was typed', async () => {
      accepted(await trial());
      refused(await trial({ token: token(CLAIMS, { secret: OTHER_SECRET }) }), 'token_invalid');
    });

    it('takes a typed one instead, also for a listener that was never deployed', async () => {
      const fields = { jwtSecret: OTHER_SECRET, token: token(CLAIMS, { secret: OTHER_SECRET }) };
      accepted(await trial(fields));
      accepted(await trial({ ...fields, id: 'new' }));
    });

    it('takes one out of the environment, deployed or typed', async () => {
      const jwt = token(CLAIMS, { secret: ENV_SECRET });
      accepted(await trial({ id: 'v', token: jwt }));
      accepted(await trial({ id: 'new', jwtSecret: variable('SECRET_VARIABLE'), token: jwt }));
    });

    it('takes that of a disabled listener', async () => {
      accepted(await trial({ id: 'd', token: token(CLAIMS, { secret: OTHER_SECRET }) }));
    });

    it('never takes that of another type of node', async () => {
      for (const id of ['c', 'new', 'f']) {
        const answer = await trial({ id });
        should([answer.status, answer.text]).eql([400, '{"error":"secret-missing"}']);
      }
    });
  });

  it('replaces variables as the runtime does', async () => {
    const properties = { path: '/ws', jwtIssuer: variable('ISSUER'), jwtAudience: '$(AUDIENCE)' };
    const jwt = token({ ...CLAIMS, iss: 'https://issuer', aud: 'chat' });
    accepted(await trial({ properties, token: jwt }));
    accepted(await trial({ id: 'new', jwtSecret: SECRET, properties, token: jwt }));
    refused(await trial({ properties }), 'token_invalid');
  });

  it('replaces variables inside of longer texts, too', async () => {
    const properties = {
      path: '/ws',
      jwtIssuer: `${variable('ISSUER')}/x`,
      jwtAudience: `a,${variable('AUDIENCE')}`,
    };
    const jwt = token({ ...CLAIMS, iss: 'https://issuer/x', aud: `a,chat` });
    accepted(await trial({ properties, token: jwt }));
    accepted(await trial({ id: 'new', jwtSecret: SECRET, properties, token: jwt }));
    for (const name of ['UNSET', 'HIDDEN']) {
      const unset = { path: '/ws', jwtIssuer: `x${variable(name)}` };
      should((await trial({ id: 'new', jwtSecret: SECRET, properties: unset })).text).equal(
        '{"error":"issuer"}',
      );
    }
  });

  it('says which property names a variable that is not set, or that flows may not see', async () => {
    for (const [id, jwtIssuer] of [
      ['l', variable('UNSET')],
      ['l', variable('HIDDEN')],
      ['new', variable('HIDDEN')],
    ]) {
      const answer = await trial({ id, jwtSecret: SECRET, properties: { path: '/ws', jwtIssuer } });
      should([answer.status, answer.text]).eql([400, '{"error":"issuer"}']);
    }
  });

  it('says what is wrong with a listener that would serve nobody', async () => {
    should((await trial({ jwtSecret: 'short' })).text).equal('{"error":"secret-short"}');
    should((await trial({ properties: { path: '' } })).text).equal('{"error":"path-missing"}');
  });

  it('decides as the deployed listener does', async () => {
    const tokens = [
      token(),
      token(CLAIMS),
      token({ ...CLAIMS, exp: seconds(-9) }),
      token({ sub: 'ann' }),
      'x',
    ];
    for (const jwt of tokens) {
      const { verdict } = (await trial({ token: jwt })).json as { verdict: { kind: string; code?: string } };
      const url = `${red.url.replace('http', 'ws')}/api/ws?token=${jwt}`;
      if (verdict.kind === 'accepted') await (await SocketClient.open(url)).close();
      else should((await SocketClient.refused(url)).body).equal(JSON.stringify({ error: verdict.code }));
    }
  });

  it('says of a running listener alone what it does not take any more', async () => {
    const blocked = token({ ...CLAIMS, jti: 'blocked', exp: seconds(600) });
    const client = await SocketClient.open(`${red.url.replace('http', 'ws')}/api/ws?token=${blocked}`);
    accepted(await trial({ token: blocked }));
    const headers = { authorization: 'Bearer all' };
    const sessions = await fetch(`${red.url}/admin/websocket-plus/live/l/sessions`, { headers });
    const { rows } = (await sessions.json()) as { rows: { ref: number }[] };
    await post('live/l/close', { ref: rows[0]?.ref, block: true });
    await client.closed;
    refused(await trial({ token: blocked }), 'token_revoked');
    accepted(await trial({ token: token({ ...CLAIMS, jti: 'another' }) }));
    accepted(await trial({ id: 'new', jwtSecret: SECRET, token: blocked }));
  });

  it('fetches the keys of the address in the dialog', async () => {
    const ec = await signer('ES256', 'ec-1');
    const endpoint = await JwksServer.start([{ ...ec.jwk, note: 'not-to-be-shown' }]);
    const properties = { path: '/ws', jwtValidation: 'jwks', jwksUri: endpoint.uri };
    const jwt = await ec.sign();
    const [found, missed] = await trial({ properties, token: jwt })
      .finally(() => endpoint.stop())
      .then(async (answer) => [answer, await trial({ properties, token: jwt })] as const);
    accepted(found);
    should(found.json).match({ keySet: { keys: [{ kid: 'ec-1', alg: 'ES256', kty: 'EC' }] } });
    should(found.text).not.containEql('not-to-be-shown');
    refused(missed, 'keys_unavailable');
    should(missed.json).match({ keySet: { kind: 'failed', code: 'jwks-unreachable' } });
  });

  it('makes a token that the deployed listener accepts, with the address to use it at', async () => {
    const { status, json, headers } = await make();
    should([status, headers.get('cache-control')]).eql([200, 'no-store']);
    should(json.target).equal(`/api/ws?token=${json.token}`);
    const client = await SocketClient.open(`${red.url.replace('http', 'ws')}${json.target}`);
    await client.close();
  });

  it('says why it makes no token', async () => {
    should((await make({ tenantId: '' })).text).equal('{"error":"make-tenant"}');
    should((await make({ lifetimeSeconds: 1e9 })).text).equal('{"error":"make-lifetime"}');
    const none = { path: '/ws', jwtValidation: 'none' };
    should((await make({ properties: none })).text).equal('{"error":"make-needs-secret"}');
  });

  it('lets nobody store what it answers', async () => {
    for (const answer of [await trial(), await trial({ id: 7 })]) {
      should(answer.headers.get('cache-control')).equal('no-store');
    }
  });

  describe('a body that no dialog sends', () => {
    const secret = 'do-not-repeat-me';
    const bodies: Record<string, unknown> = {
      'is a list': [secret],
      'has no properties': { id: 'l', token: secret },
      'has a list of properties': { id: 'l', properties: [secret], token: secret },
      'has no token': { id: 'l', properties: {}, jwtSecret: secret },
      'has a token that is not a text': { id: 'l', properties: {}, token: [secret] },
      'has a secret that is not a text': { id: 'l', properties: {}, token: secret, jwtSecret: [secret] },
      'has no id': { properties: {}, token: secret },
    };
    for (const [what, body] of Object.entries(bodies)) {
      it(`is refused with 400, and not repeated: it ${what}`, async () => {
        for (const name of ['try-token', 'make-token']) {
          const answer = await post(name, body);
          should([answer.status, answer.text]).eql([400, '{"error":"bad-request"}']);
        }
      });
    }

    it('is refused with 413 where it is too large', async () => {
      const answer = await trial({ token: secret.repeat(8192) });
      should([answer.status, answer.text]).eql([413, '{"error":"bad-request"}']);
    });

    it('is refused where a form could have sent it', async () => {
      for (const type of ['application/x-www-form-urlencoded', 'text/plain']) {
        const answer = await send('/admin/websocket-plus/try-token', {
          headers: { authorization: 'Bearer all', 'content-type': type },
          body: 'id=l&properties[path]=/ws&token=x',
        });
        should(answer.status).equal(400);
      }
    });
  });

  describe('the log', () => {
    it('has logged no token, no secret and no claim, at any level', async () => {
      const jwt = token({ ...CLAIMS, private: 'private-claim' }, { secret: OTHER_SECRET });
      await trial({ token: jwt, jwtSecret: 'a typed secret that is long enough' });
      const { json } = await make();
      should(red.log).match(/trace|debug/i);
      should(red.log).containEql('permission.fail');
      const parts = [...jwt.split('.'), ...String(json.token).split('.')].slice(1);
      for (const private_ of [
        ...parts,
        SECRET,
        OTHER_SECRET,
        ENV_SECRET,
        'typed secret',
        'do-not-repeat-me',
      ]) {
        should(red.log).not.containEql(private_);
      }
    });
  });
});
