import type { IncomingMessage } from 'node:http';
import type { JSONWebKeySet } from 'jose';
import { decodeContent } from './content-encoding.js';
import { fetchFailure } from './fetch-failure.js';
import { JwksError } from './jwks-error.js';
import { presentMembers } from './key-members.js';
import { type KeyRoute, requestKeys } from './key-request.js';

export { JWKS_ERRORS, JwksError, type JwksErrorCode } from './jwks-error.js';

/** Largest key set read, in bytes, before and after decoding: 150,000 keys cost a second and 354 MB. */
const MAX_BYTES = 1024 * 1024;

/** Most keys accepted in a set: issuers publish a handful, and each one costs an import. */
const MAX_KEYS = 256;

/** RFC 9110 §15.4, those that name another address. */
const REDIRECTS: ReadonlySet<number> = new Set([300, 301, 302, 303, 307, 308]);

/**
 * Fetches a JWK Set (RFC 7517 §5) with one GET. Redirects are not followed.
 * @param timeoutMs for the whole exchange
 * @throws JwksError
 */
export async function fetchJwks(
  uri: string,
  timeoutMs: number,
  signal: AbortSignal,
  route: KeyRoute = {},
): Promise<JSONWebKeySet> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  try {
    const response = await requestKeys(uri, route, AbortSignal.any([signal, deadline.signal]));
    const body = await read(response);
    return parse(await decode(body, response.headers['content-encoding'] ?? ''));
  } catch (error) {
    const isLate = deadline.signal.aborted && !(error instanceof JwksError);
    throw isLate ? new JwksError('jwks-timeout', undefined, { cause: error }) : fetchFailure(error);
  } finally {
    clearTimeout(timer);
  }
}

async function read(response: IncomingMessage): Promise<Buffer> {
  try {
    const { statusCode = 0 } = response;
    if (REDIRECTS.has(statusCode)) throw new JwksError('jwks-redirect', statusCode);
    if (statusCode < 200 || statusCode > 299) throw new JwksError('jwks-status', statusCode);
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) throw new JwksError('jwks-too-large');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    response.destroy();
  }
}

async function decode(body: Buffer, encoding: string): Promise<Buffer> {
  try {
    return await decodeContent(body, encoding, MAX_BYTES);
  } catch (error) {
    const tooLarge = error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw new JwksError(tooLarge ? 'jwks-too-large' : 'jwks-malformed', undefined, { cause: error });
  }
}

function parse(body: Buffer): JSONWebKeySet {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(body)); // without its byte order mark
  } catch {
    throw new JwksError('jwks-malformed');
  }
  if (typeof json !== 'object' || json === null || !('keys' in json) || !Array.isArray(json.keys)) {
    throw new JwksError('jwks-malformed');
  }
  if (json.keys.length > MAX_KEYS) throw new JwksError('jwks-too-large');
  // one member that is no object would make jose refuse the whole set
  const keys = json.keys.filter((key) => typeof key === 'object' && key !== null && !Array.isArray(key));
  return { keys: keys.map(presentMembers) };
}
