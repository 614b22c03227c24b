let loaded: Promise<typeof import('jose')> | undefined;

/** jose is an ES module; `require()` of one fails on Node 22.9 to 22.11, which Node-RED 5 allows. */
export function loadJose(): Promise<typeof import('jose')> {
  loaded ??= import('jose');
  return loaded;
}
