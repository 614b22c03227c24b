// Assembles dist/: Node-RED looks for the .html, icons/ and locales/ beside the .js that package.json names.
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const out = join(root, 'dist', 'nodes');
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

rmSync(join(root, 'dist'), { recursive: true, force: true });
for (const project of ['tsconfig.json', 'tsconfig.editor.json']) {
  execFileSync(process.execPath, [tsc, '-p', join(root, project)], { stdio: 'inherit' });
}

const bundle = await build({
  entryPoints: [join(root, 'nodes', 'editor.ts')],
  bundle: true,
  write: false,
  format: 'iife',
  target: 'es2020',
  charset: 'utf8',
});
const dialogs = readdirSync(join(root, 'nodes'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.html'))
  .sort()
  .map((name) => readFileSync(join(root, 'nodes', name), 'utf8'));
const script = bundle.outputFiles[0].text.replaceAll('</script', '<\\/script');
writeFileSync(
  join(out, 'websocket-plus.html'),
  `${dialogs.join('\n')}\n<script type="text/javascript">\n${script}</script>\n`,
);

cpSync(join(root, 'locales'), join(out, 'locales'), { recursive: true });
cpSync(join(root, 'icons'), join(out, 'icons'), { recursive: true });
