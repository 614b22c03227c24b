import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeRedProcess, nodeRedUnderTest } from './node-red-process.js';
import { PACKAGE, ROOT } from './this-package.js';

export interface LinkedOptions {
  readonly flow: readonly Record<string, unknown>[];
  readonly credentials?: Readonly<Record<string, Record<string, string>>>;
  /** The permissions of whoever shows the access token of that name; absent: no adminAuth. */
  readonly users?: Readonly<Record<string, string | readonly string[]>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A Node-RED with this package linked into it, which logs all it can. */
export interface LinkedNodeRed {
  readonly nodeRed: NodeRedProcess;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

/** Starts a Node-RED of its own for one test file: with its own flow, users and environment. */
export async function linkedNodeRed(options: LinkedOptions): Promise<LinkedNodeRed> {
  const userDir = await mkdtemp(join(tmpdir(), 'websocket-plus-'));
  const scope = join(userDir, 'node_modules', PACKAGE, '..');
  await mkdir(scope, { recursive: true });
  await symlink(ROOT, join(userDir, 'node_modules', PACKAGE));
  const manifest = { name: 'node-red-project', version: '0.0.1', dependencies: { [PACKAGE]: '*' } };
  const json = {
    'package.json': manifest,
    'flows.json': options.flow,
    'flows_cred.json': options.credentials ?? {},
  };
  for (const [name, value] of Object.entries(json))
    await writeFile(join(userDir, name), JSON.stringify(value));
  const settingsFile = join(userDir, 'settings.js');
  await writeFile(settingsFile, settingsOf(options));
  const nodeRed = await NodeRedProcess.start(nodeRedUnderTest(), settingsFile, userDir);
  return {
    nodeRed,
    async stop() {
      await nodeRed.stop();
      await rm(userDir, { recursive: true, force: true });
    },
  };
}

function settingsOf({ users, settings, env = {} }: LinkedOptions): string {
  const all = {
    uiHost: '127.0.0.1',
    uiPort: 0,
    flowFile: 'flows.json',
    credentialSecret: false,
    logging: { console: { level: 'trace', metrics: true, audit: true } },
    telemetry: { enabled: false, updateNotification: false },
    ...settings,
  };
  return [
    `Object.assign(process.env, ${JSON.stringify(env)});`,
    `const settings = ${JSON.stringify(all)};`,
    users === undefined ? '' : `settings.adminAuth = (${adminAuth})(${JSON.stringify(users)});`,
    'module.exports = settings;',
  ].join('\n');
}

/** Runs in settings.js. */
function adminAuth(users: NonNullable<LinkedOptions['users']>): object {
  return {
    type: 'credentials',
    users: [],
    tokens: async (token: string) =>
      Object.hasOwn(users, token) ? { username: token, permissions: users[token] } : null,
  };
}
