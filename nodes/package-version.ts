import { readFileSync } from 'node:fs';
import { join } from 'node:path';

let version: string | undefined;

/** Of this package. */
export function packageVersion(): string {
  version ??= readVersion();
  return version;
}

function readVersion(): string {
  const file = join(__dirname, '../../package.json'); // from dist/nodes
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version; // npm asks for it
}
