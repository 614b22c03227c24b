import { readFileSync } from 'node:fs';
import { join } from 'node:path';

let product: string | undefined;

/** How this package calls itself to servers (RFC 9110 §10.1.5): its name without the scope, which may not stand there. */
export function userAgent(): string {
  product ??= readProduct();
  return product;
}

function readProduct(): string {
  const file = join(__dirname, '../../../package.json'); // from dist/src/keys
  const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string }; // npm asks for both
  return `${name.replace(/^@[^/]*\//, '')}/${version}`;
}
