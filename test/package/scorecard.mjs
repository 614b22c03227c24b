// `npm run test:scorecard`: the Flow Library's scorecard, all of it true. Its tool has hundreds of dependencies, so it
// waits in .cache, apart from ours.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSION = '0.1.6';

/** A check that is not on the card has not run: the tool stops at the first error, with exit code 0. */
const CHECKS = 'P01 P03 P04 P05 P06 P07 P08 N01 N02 D01 D02 D03'.split(' ');

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const cache = join(root, '.cache', 'node-red-dev');
const tool = join(cache, 'node_modules', 'node-red-dev');
const cardFile = join(cache, 'scorecard.json');

install();
rmSync(cardFile, { force: true });
const output = await validate();
const card = existsSync(cardFile) ? JSON.parse(readFileSync(cardFile, 'utf8')) : {};
const failed = [...new Set([...CHECKS, ...Object.keys(card)])].filter(
  (check) => check !== 'package' && card[check]?.test !== true,
);
if (failed.length > 0) {
  console.error(output);
  for (const check of failed) console.error(`${check}: ${JSON.stringify(card[check] ?? 'did not run')}`);
  process.exit(1);
}
console.log(`Scorecard: all of ${CHECKS.join(', ')} are true.`);

function install() {
  const file = join(tool, 'package.json');
  if (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version === VERSION) return;
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, 'package.json'), '{ "private": true }\n');
  const options = ['install', '--no-audit', '--no-fund', '--ignore-scripts', `node-red-dev@${VERSION}`];
  execFileSync('npm', options, { cwd: cache, stdio: 'inherit', shell: process.platform === 'win32' });
}

/** Whether other packages have our names is for the catalogue to say, not for a test: an empty one answers here. */
async function validate() {
  const catalogue = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{ "modules": [] }');
  });
  await once(catalogue.listen(0, '127.0.0.1'), 'listening');
  const options = ['--require', join(here, 'empty-catalogue.cjs'), join(tool, 'bin', 'run'), 'validate'];
  const child = spawn(process.execPath, [...options, '--path', root, '--output', cardFile], {
    env: { ...process.env, CATALOGUE_PORT: String(catalogue.address().port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part) => {
      text += part;
    });
  }
  await once(child, 'close');
  catalogue.close();
  return text;
}
