/** This package's catalog, by the name that Node-RED gives it: package and node set. */
const CATALOG = '@inteli.city/node-red-contrib-websocket-plus/websocket-plus';

/** The full name of a text in this package's catalog. */
export function textKey(key: string): string {
  return `${CATALOG}:${key}`;
}
