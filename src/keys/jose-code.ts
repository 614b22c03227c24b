/** The stable code of an error of jose's (util/errors.js); undefined for the errors that it lets through. */
export function joseCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
