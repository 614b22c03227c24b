export type Jose = typeof import('jose');

let loading: Promise<Jose> | undefined;
let loaded: Jose | undefined;

/** jose is an ES module; `require()` of one fails on Node 22.9 to 22.11, which Node-RED 5 allows. */
export function loadJose(): Promise<Jose> {
  loading ??= import('jose').then((jose) => {
    loaded = jose;
    return jose;
  });
  return loading;
}

/** jose, where nobody has to wait for it any more. */
export function loadedJose(): Jose | undefined {
  return loaded;
}

/** The stable code of an error of jose's (util/errors.js); undefined for the errors that it lets through. */
export function joseCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
