import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { NodeRedProcess, nodeRedUnderTest } from './node-red-process.js';
import { PACKAGE, ROOT } from './this-package.js';

export { PACKAGE, ROOT };

/** A real Node-RED into which the packed tarball was uploaded. */
export interface Installed {
  readonly nodeRed: NodeRedProcess;
  /** Paths of the files in the tarball. */
  readonly packed: readonly string[];
  /** What Node-RED answered to the upload. */
  readonly answer: unknown;
  readonly userDir: string;
}

/** Gives Node-RED the packed package. @returns what Node-RED answered */
export type Upload = (nodeRed: NodeRedProcess, file: string) => Promise<unknown>;

let installed: Promise<Installed> | undefined;
const cleanUp: (() => Promise<unknown>)[] = [];

/** Installing takes a while: all tests of one run share it, and a root hook ends it. */
export function installedNodeRed(upload: Upload = post): Promise<Installed> {
  installed ??= install(upload);
  return installed;
}

after(async () => {
  for (const undo of cleanUp.reverse()) await undo();
});

async function install(upload: Upload): Promise<Installed> {
  const folder = await mkdtemp(join(tmpdir(), 'websocket-plus-'));
  cleanUp.push(() => rm(folder, { recursive: true, force: true }));

  const { filename, files } = await pack(folder);

  const userDir = join(folder, 'user');
  await mkdir(userDir);
  const settingsFile = join(folder, 'settings.js');
  await writeFile(settingsFile, `module.exports = ${JSON.stringify(SETTINGS)};`);
  const nodeRed = await NodeRedProcess.start(nodeRedUnderTest(), settingsFile, userDir);
  cleanUp.push(() => nodeRed.stop());

  const answer = await upload(nodeRed, join(folder, filename));
  return { nodeRed, packed: files.map(({ path }) => path), answer, userDir };
}

async function post(nodeRed: NodeRedProcess, file: string): Promise<unknown> {
  const body = new FormData();
  body.set('tarball', new Blob([await readFile(file)]), basename(file));
  return nodeRed.json('/nodes', { method: 'POST', body });
}

/** Everything Node-RED can log, so that tests can say what it does not. */
export const SETTINGS = {
  uiHost: '127.0.0.1',
  uiPort: 0,
  lang: 'en-US',
  flowFile: 'flows.json',
  logging: { console: { level: 'trace', metrics: true, audit: true } },
  editorTheme: { tours: false, palette: { catalogues: [] } },
  telemetry: { enabled: false, updateNotification: false },
};

interface Tarball {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Packs what the build has left in dist/: to build again would pull it away under the running tests. */
async function pack(folder: string): Promise<Tarball> {
  const options = ['--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await promisify(execFile)('npm', ['pack', ...options], { cwd: ROOT });
  const [tarball] = JSON.parse(stdout) as Tarball[];
  if (tarball === undefined) throw new Error('npm pack made no tarball');
  return tarball;
}
