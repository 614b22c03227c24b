import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import should from 'should';
import { ListenerServer } from '../support/core/listener-server.js';
import { TokenServer } from '../support/core/token-server.js';
import { fences } from '../support/docs/fences.js';

const run = promisify(execFile);

describe('docs/clients.md: a listener knows, and keeps,', function () {
  this.timeout(60_000);

  let server: ListenerServer;
  let tokens: TokenServer;
  let folder: string;
  let child: ChildProcess | undefined;

  before(async () => {
    folder = await mkdtemp(join(resolve(__dirname, '..'), 'clients-')); // ws is found from here
  });
  after(() => rm(folder, { recursive: true }));
  beforeEach(async () => {
    tokens = await TokenServer.start();
    tokens.answer = TokenServer.granting(2);
    server = await ListenerServer.start({
      properties: { tokenSources: ['message'], routingScope: 'global' },
    });
  });
  afterEach(async () => {
    if (child !== undefined) {
      const ended = once(child, 'close');
      child.kill('SIGKILL');
      await ended;
    }
    child = undefined;
    await server.stop();
    await tokens.stop();
  });

  /** Runs a program of the guide, talks with it, and waits until it has shown a newer token on the same connection. */
  async function talk(program: string, args: readonly string[], hello: string): Promise<void> {
    const said = server.message();
    const started = spawn(program, args, {
      env: {
        ...process.env,
        WS_URL: server.url(),
        TOKEN_URL: tokens.url,
        CLIENT_ID: 'device 1',
        CLIENT_SECRET: 'p@ss:w+rd',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child = started;
    const { payload, _session } = await said;
    should(payload).equal(hello);
    should(_session).containEql({ tenantId: 'acme', authStatus: 'verified' });
    const line = once(createInterface(started.stdout), 'line'); // Python writes it in pieces
    await server.send({ payload: 'hello yourself' });
    should(await line).eql(['received hello yourself']);
    const renewed = await server.next('renewed');
    should(renewed.session.id).equal((_session as { readonly id: string }).id);
    const credentials = Buffer.from(
      String(tokens.requests[0]?.headers.authorization).replace('Basic ', ''),
      'base64',
    ).toString();
    const parts = credentials.split(':').map((part) => new URLSearchParams(`x=${part}`).get('x'));
    should(parts).eql(['device 1', 'p@ss:w+rd']);
  }

  it('the client in Node.js', async () => {
    const [code = ''] = fences('docs/clients.md', 'js').filter((block) => block.includes("from 'ws'"));
    const file = join(folder, 'client.mjs');
    await writeFile(file, code);
    await talk(process.execPath, [file], 'hello from Node.js');
  });

  it('the client in Python', async function () {
    const python = await pythonWithWebsockets();
    if (python === undefined) {
      console.log('    skipped: no python3 with websockets (Debian: python3-websockets)');
      this.skip();
    }
    const [code = ''] = fences('docs/clients.md', 'python');
    const file = join(folder, 'client.py');
    await writeFile(file, code);
    await talk(python, [file], 'hello from Python');
  });
});

async function pythonWithWebsockets(): Promise<string | undefined> {
  for (const python of ['python3', '/usr/bin/python3']) {
    try {
      await run(python, ['-c', 'import websockets; websockets.connect']);
      return python;
    } catch {
      // the next
    }
  }
  return undefined;
}
