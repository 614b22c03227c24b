/** The full name of a text in this package's catalog. */
export function textKey(key: string): string {
  return `@inteli.city/node-red-contrib-websocket-plus/websocket-plus:${key}`;
}

/** A text of this package's catalog in the editor's language. */
export function text(key: string, values?: Readonly<Record<string, unknown>>): string {
  return RED._(textKey(key), values);
}
