import type { IncomingMessage } from 'node:http';
import { decodeContent } from './content-encoding.js';
import { fetchFailure } from './fetch-failure.js';
import { JwksError } from './jwks-error.js';
import { type KeyRoute, requestKeys } from './key-request.js';

/** Largest document read, in bytes, before and after decoding: 150,000 keys cost a second and 354 MB. */
const MAX_BYTES = 1024 * 1024;

/** RFC 9110 §15.4, those that name another address. */
const REDIRECTS: ReadonlySet<number> = new Set([300, 301, 302, 303, 307, 308]);

/**
 * Does what has to be done within one time, however many requests that takes.
 * @param timeoutMs for all of it
 * @throws JwksError
 */
export async function withinTime<T>(
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  try {
    return await work(AbortSignal.any([signal, deadline.signal]));
  } catch (error) {
    const isLate = deadline.signal.aborted && !(error instanceof JwksError);
    throw isLate ? new JwksError('jwks-timeout', undefined, { cause: error }) : fetchFailure(error);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Fetches a JSON document with one GET. Redirects are not followed.
 * @throws JwksError; or what Node throws where there is no answer
 */
export async function fetchJson(uri: string, signal: AbortSignal, route: KeyRoute): Promise<unknown> {
  const response = await requestKeys(uri, route, signal);
  const body = await read(response);
  const text = await decode(body, response.headers['content-encoding'] ?? '');
  try {
    return JSON.parse(new TextDecoder().decode(text)); // without its byte order mark
  } catch {
    throw new JwksError('jwks-malformed');
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
