// `npm version` runs it: "Unreleased" in CHANGELOG.md becomes the version that is made, with the date of today (UTC).
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../CHANGELOG.md', import.meta.url);
const version = process.env.npm_package_version;
const changelog = readFileSync(file, 'utf8');
const [, rest = ''] = changelog.split('\n## Unreleased\n');
const [news = ''] = rest.split(/^## /m);
if (version === undefined) throw new Error('run it by npm version');
if (news.trim() === '') throw new Error('CHANGELOG.md has nothing under "## Unreleased"');
const today = new Date().toISOString().slice(0, 10);
writeFileSync(file, changelog.replace('## Unreleased\n', `## ${version} - ${today}\n`));
