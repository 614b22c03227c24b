import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import should from 'should';
import { CLIENT_SCHEMA } from '../../src/config/client-schema.js';
import { CLUSTER_SCHEMA } from '../../src/config/cluster-schema.js';
import { ISSUER_SCHEMA } from '../../src/config/issuer-schema.js';
import { LISTENER_SCHEMA } from '../../src/config/listener-schema.js';
import type { Schema } from '../../src/config/schema.js';

const README = readFileSync(join(__dirname, '../../../README.md'), 'utf8');

describe('README: the properties', () => {
  for (const [heading, schema] of [
    ['Listener', LISTENER_SCHEMA],
    ['Issuer', ISSUER_SCHEMA],
    ['Client', CLIENT_SCHEMA],
    ['Cluster', CLUSTER_SCHEMA],
  ] as const) {
    it(`of a ${heading.toLowerCase()} are those of its schema, each with what a new node has`, () => {
      should(readTable(heading)).eql(expected(schema));
    });
  }
});

/** Names and defaults in the table below a heading; a default that is not code, or none, is an empty text. */
function readTable(heading: string): [string, unknown][] {
  const [, section = ''] = README.split(`\n### ${heading}\n`);
  const rows = section.split(/\n#/, 1)[0]?.match(/^\| `.*$/gm) ?? [];
  return rows.flatMap((row) => {
    const [, names = '', initial = ''] = row.split('|');
    const [, value = '""'] = /`(.*)`/.exec(initial) ?? [];
    return Array.from(names.matchAll(/`(\w+)`/g), ([, name = '']): [string, unknown] => [
      name,
      JSON.parse(value),
    ]);
  });
}

function expected(schema: Schema): [string, unknown][] {
  return Object.entries(schema).map(([name, { initial }]) => [name, initial]);
}
