import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installedNodeRed, SETTINGS } from './installed-node-red.js';
import { type FlowNode, NodeRedProcess, type NodeRedVersion } from './node-red-process.js';

/** What a Node-RED finds when it starts. */
export interface Preparation {
  readonly flows: readonly FlowNode[];
  /** By the id of the node. */
  readonly credentials: Readonly<Record<string, object>>;
  /** Of settings.js, beside those of all tests. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** `webSocketNodeVerifyClient` of settings.js, in JavaScript. */
  readonly verifyClient?: string;
}

/** A real Node-RED with flows of its own. */
export interface Prepared {
  readonly nodeRed: NodeRedProcess;
  /** Ends it, and takes away its files. */
  stop(): Promise<void>;
}

/** Starts a Node-RED that has the package, as an upload to the one under test has installed it. */
export async function preparedNodeRed(version: NodeRedVersion, preparation: Preparation): Promise<Prepared> {
  const { flows, credentials, settings = {}, verifyClient } = preparation;
  const installed = await installedNodeRed();
  const folder = await mkdtemp(join(tmpdir(), 'websocket-plus-'));
  const userDir = join(folder, 'user');
  const settingsFile = join(folder, 'settings.js');
  const all = { ...SETTINGS, credentialSecret: false, ...settings };
  const hook =
    verifyClient === undefined ? '' : `module.exports.webSocketNodeVerifyClient = ${verifyClient};\n`;
  await mkdir(userDir);
  for (const name of ['package.json', 'node_modules'])
    await cp(join(installed.userDir, name), join(userDir, name), { recursive: true });
  await writeFile(join(userDir, 'flows.json'), JSON.stringify(flows));
  await writeFile(join(userDir, 'flows_cred.json'), JSON.stringify(credentials)); // its secret is false: plain text
  await writeFile(settingsFile, `module.exports = ${JSON.stringify(all)};\n${hook}`);
  const nodeRed = await NodeRedProcess.start(version, settingsFile, userDir);
  return {
    nodeRed,
    stop: async () => {
      await nodeRed.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
