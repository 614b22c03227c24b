import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import should from 'should';
import { setEnvironment } from '../support/core/environment.js';
import { ListenerServer } from '../support/core/listener-server.js';
import { SocketClient } from '../support/core/socket-client.js';
import { SECRET, seconds } from '../support/core/tokens.js';
import { fences } from '../support/docs/fences.js';
import { type LinkedNodeRed, linkedNodeRed } from '../support/package/linked-node-red.js';

const run = promisify(execFile);
const USER = { id: 'ann', tenant: 'acme' };

describe('README.md, "Making tokens": a listener lets in, as that user,', function () {
  this.timeout(60_000); // Node-RED starts

  let server: ListenerServer;
  let folder: string;
  let linked: LinkedNodeRed | undefined;

  before(async () => {
    server = await ListenerServer.start();
    folder = await mkdtemp(join(resolve(__dirname, '..'), 'readme-')); // jose is found from here
  });
  after(async () => {
    await linked?.stop();
    await rm(folder, { recursive: true });
    await server.stop();
  });

  async function letsIn(jwt: string): Promise<void> {
    const { exp } = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as {
      exp: number;
    };
    should(exp).be.within(seconds(4 * 60), seconds(6 * 60));
    const client = await SocketClient.open(server.url(jwt));
    const { _session } = await server.messageFrom(client);
    should(_session).containEql({ subject: USER.id, tenantId: USER.tenant, authStatus: 'verified' });
    await client.close();
  }

  it('whoever has the token of the Node.js code', async () => {
    const [code = ''] = fences('README.md', 'js').filter((block) => block.includes('SignJWT'));
    const file = join(folder, 'token.mjs');
    await writeFile(file, code);
    const restore = setEnvironment({ WS_SECRET: SECRET });
    const { tokenFor } = (await import(pathToFileURL(file).href)) as {
      tokenFor(user: typeof USER): Promise<string>;
    };
    restore();
    await letsIn(await tokenFor(USER));
  });

  it('whoever has the token of the Python code', async function () {
    const python = await pythonWithPyJwt();
    if (python === undefined) {
      console.log('    skipped: no python3 with PyJWT');
      this.skip();
    }
    const [code = ''] = fences('README.md', 'python');
    const user = `type('User', (), ${JSON.stringify(USER)})`;
    const script = `${code}\nprint(token_for(${user}), end='')\n`;
    const { stdout } = await run(python, ['-c', script], { env: { ...process.env, WS_SECRET: SECRET } });
    await letsIn(stdout);
  });

  it("whoever has the token of the function node's code", async () => {
    const [code = ''] = fences('README.md', 'javascript');
    linked = await linkedNodeRed({
      env: { WS_SECRET: SECRET },
      flow: [
        { id: 'tab', type: 'tab' },
        { id: 'in', type: 'http in', z: 'tab', url: '/token', method: 'get', wires: [['login']] },
        functionNode('login', `msg.user = ${JSON.stringify(USER)}; return msg;`, 'make'),
        {
          ...functionNode('make', code, 'out'),
          libs: [{ var: 'crypto', module: 'crypto' }],
        },
        { id: 'out', type: 'http response', z: 'tab' },
      ],
    });
    const response = await linked.nodeRed.request('/token');
    should(response.headers.get('cache-control')).equal('no-store');
    await letsIn(await response.text());
  });
});

function functionNode(id: string, func: string, next: string) {
  return { id, type: 'function', z: 'tab', func, outputs: 1, wires: [[next]] };
}

/** The first that can import it: CI installs Debian's, which need not be the first on the path. */
async function pythonWithPyJwt(): Promise<string | undefined> {
  for (const python of ['python3', '/usr/bin/python3']) {
    try {
      await run(python, ['-c', 'import jwt; jwt.encode']);
      return python;
    } catch {
      // the next
    }
  }
  return undefined;
}
