import { get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import type { JSONWebKeySet } from 'jose';

/** Why a key set could not be fetched. */
export const JWKS_ERRORS = [
  'jwks-unreachable',
  'jwks-timeout',
  'jwks-status',
  'jwks-too-large',
  'jwks-malformed',
] as const;

export type JwksErrorCode = (typeof JWKS_ERRORS)[number];

/** A key set that could not be fetched. The message is fixed text: nothing of the answer is quoted. */
export class JwksError extends Error {
  readonly code: JwksErrorCode;

  constructor(code: JwksErrorCode, options?: ErrorOptions) {
    super(code, options);
    this.name = 'JwksError';
    this.code = code;
  }
}

/** Largest key set read, in bytes: 150,000 keys cost a second and 354 MB. */
const MAX_BYTES = 1024 * 1024;

/** Most keys accepted in a set: issuers publish a handful, and each one costs an import. */
const MAX_KEYS = 256;

/**
 * Fetches a JWK Set (RFC 7517 §5) with one GET. Redirects are not followed.
 * @param timeoutMs for the whole exchange
 * @throws JwksError
 */
export async function fetchJwks(uri: string, timeoutMs: number, signal: AbortSignal): Promise<JSONWebKeySet> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  try {
    return parse(await read(await request(uri, AbortSignal.any([signal, deadline.signal]))));
  } catch (error) {
    if (error instanceof JwksError) throw error;
    throw new JwksError(deadline.signal.aborted ? 'jwks-timeout' : 'jwks-unreachable', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function request(uri: string, signal: AbortSignal): Promise<IncomingMessage> {
  const get = uri.startsWith('https:') ? httpsGet : httpGet;
  return new Promise((resolve, reject) => {
    // no agent: one connection per fetch, none kept alive
    get(
      uri,
      { agent: false, signal, headers: { accept: 'application/jwk-set+json, application/json' } },
      resolve,
    ).on('error', reject);
  });
}

async function read(response: IncomingMessage): Promise<Buffer> {
  try {
    if (response.statusCode !== 200) throw new JwksError('jwks-status');
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

function parse(body: Buffer): JSONWebKeySet {
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    throw new JwksError('jwks-malformed');
  }
  if (typeof json !== 'object' || json === null || !('keys' in json) || !Array.isArray(json.keys)) {
    throw new JwksError('jwks-malformed');
  }
  if (json.keys.length > MAX_KEYS) throw new JwksError('jwks-too-large');
  // one member that is no object would make jose refuse the whole set
  return { keys: json.keys.filter((key) => typeof key === 'object' && key !== null && !Array.isArray(key)) };
}
