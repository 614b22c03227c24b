import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** .cache of the package, seen from dist/test/bench/harness. */
const CACHE = join(__dirname, '..', '..', '..', '..', '.cache');

/** A Node.js that runs. */
export interface NodeBinary {
  readonly path: string;
  /** Such as v22.9.0. */
  readonly version: string;
}

/**
 * The Node.js that servers are to run on.
 * @param wanted a path, or a major version, which comes from the npm registry and stays in .cache
 * @throws Error where it cannot be installed, TypeError where it does not run
 */
export function nodeBinary(wanted: string): NodeBinary {
  const path = /^\d+$/.test(wanted) ? installed(wanted) : wanted;
  try {
    return { path, version: execFileSync(path, ['--version'], { encoding: 'utf8' }).trim() };
  } catch (cause) {
    throw new TypeError(`--node: ${path} does not run`, { cause });
  }
}

function installed(major: string): string {
  const folder = join(CACHE, `node-${major}`);
  const home = join(folder, 'node_modules', 'node');
  const binary = join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const arguments_ = ['install', '--no-audit', '--no-fund', '--ignore-scripts', `node@${major}`];
  // stdout carries the figures
  const stdio = ['ignore', process.stderr, process.stderr] as const;
  execFileSync('npm', arguments_, { cwd: folder, stdio: [...stdio], shell: process.platform === 'win32' });
  // the package `node` fetches its binary by an install script, which some versions of npm do not run
  execFileSync(process.execPath, ['installArchSpecificPackage'], { cwd: home, stdio: [...stdio] });
  return binary;
}
