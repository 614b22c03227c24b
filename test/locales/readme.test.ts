import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import should from 'should';
import { CLIENT_SCHEMA } from '../../src/config/client-schema.js';
import { CLUSTER_SCHEMA } from '../../src/config/cluster-schema.js';
import { CONTROL_SCHEMA } from '../../src/config/control-options.js';
import { EVENT_SCHEMA } from '../../src/config/event-options.js';
import { ISSUER_SCHEMA } from '../../src/config/issuer-schema.js';
import { LISTENER_SCHEMA } from '../../src/config/listener-schema.js';
import { OUT_SCHEMA } from '../../src/config/out-options.js';
import type { Schema } from '../../src/config/schema.js';

const README = readFileSync(join(__dirname, '../../../README.md'), 'utf8');

describe('README: the properties', () => {
  for (const [heading, schema] of [
    ['Listener', LISTENER_SCHEMA],
    ['Issuer', ISSUER_SCHEMA],
    ['Client', CLIENT_SCHEMA],
    ['Cluster', CLUSTER_SCHEMA],
    ['Sending', OUT_SCHEMA],
    ['Events', EVENT_SCHEMA],
    ['Control', CONTROL_SCHEMA],
  ] as const) {
    it(`of a ${heading.toLowerCase()} are those of its schema, each with what a new node has`, () => {
      should(readTable(heading)).eql(expected(schema));
    });
  }
});

/** Names and defaults in the first table below a heading; a default that is not code, or none, is an empty text. */
function readTable(heading: string): [string, unknown][] {
  const [, section = ''] = README.split(`\n### ${heading}\n`);
  const [text = ''] = section.split(/\n#/, 1);
  const table = text.split('\n\n').find((part) => part.trim().startsWith('| property')) ?? '';
  const rows = table.match(/^\| `.*$/gm) ?? [];
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
