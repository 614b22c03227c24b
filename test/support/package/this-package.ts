import { resolve } from 'node:path';

/** The root of this repository, from dist/test/support. */
export const ROOT = resolve(__dirname, '../../../..');

export const PACKAGE = '@inteli.city/node-red-contrib-websocket-plus';
