// `npm run test:node-red-5`: the package tests, or those that are named, on Node-RED 5 and Node.js 22, which wait in
// .cache for the next run. Where two Node-REDs talk to each other, the second one is the devDependency on this
// Node.js.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const cache = join(root, '.cache', 'node-red-5');
const home = join(cache, 'node_modules', 'node-red');
const nodePackage = join(cache, 'node_modules', 'node');
const node = join(nodePackage, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const env = { ...process.env, NODE_RED_UNDER_TEST: home, NODE_UNDER_TEST: node };

try {
  install();
} catch (error) {
  console.error(`Node-RED 5 and Node.js 22 could not be installed from the npm registry: ${error.message}`);
  process.exit(1);
}
console.log(`Node-RED ${versionOf(home)}, Node.js ${nodeVersion()}`);

const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
const [tests = 'dist/test/package/**/*.test.js'] = process.argv.slice(2);
const leftBehind = join(root, 'dist', 'test', 'support', 'core', 'left-behind.js');
const options = ['--no-config', '--require', leftBehind, '--forbid-only', '--forbid-pending', tests];
process.exit(
  spawnSync(process.execPath, [mocha, ...options], { cwd: root, env, stdio: 'inherit' }).status ?? 1,
);

function install() {
  if (!versionOf(home)?.startsWith('5.') || !versionOf(nodePackage)?.startsWith('22.')) {
    mkdirSync(cache, { recursive: true });
    writeFileSync(join(cache, 'package.json'), '{ "private": true }\n');
    npm('install', '--no-audit', '--no-fund', '--ignore-scripts', 'node-red@5', 'node@22');
  }
  // the package `node` fetches its binary by an install script, which some versions of npm do not run
  if (!existsSync(node)) {
    execFileSync(process.execPath, ['installArchSpecificPackage'], {
      cwd: nodePackage,
      stdio: 'inherit',
    });
  }
  if (!nodeVersion()?.startsWith('v22.')) throw new Error(`${node} is not Node.js 22`);
}

function npm(...args) {
  execFileSync('npm', args, { cwd: cache, stdio: 'inherit', shell: process.platform === 'win32' });
}

function versionOf(folder) {
  const file = join(folder, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined;
}

function nodeVersion() {
  return existsSync(node) ? execFileSync(node, ['--version'], { encoding: 'utf8' }).trim() : undefined;
}
