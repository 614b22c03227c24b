import type { IncomingMessage } from 'node:http';
import type { TokenGrant } from '../config/client-options.js';
import { userAgent } from '../keys/user-agent.js';
import { ProxyRefused, sendRequest } from '../proxy/request.js';
import { readUnverified } from '../token/unverified.js';
import { codeIn } from './error-code.js';
import { reasonOf } from './reason.js';
import { retryAfterMs } from './retry-after.js';
import { TokenFailure } from './token-failure.js';
import type { Route, Token } from './token-supply.js';

/** For the whole exchange, proxy and TLS included, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** Largest answer read, in bytes. */
const MAX_BYTES = 64 * 1024;

/** RFC 6749 §A.12, without the space that no header could carry (RFC 6750 §2.1). */
const TOKEN = /^[\x21-\x7e]+$/;

type Members = Readonly<Record<string, unknown>>;

/**
 * Asks a token endpoint for a token (RFC 6749 §4.4.2). Redirects are not followed: the secret is for this address.
 * @throws TokenFailure: the HTTP status and the `error` code of §5.2, a code of Node's, or a fixed word; nothing else of
 * request or answer
 */
export async function requestToken(
  grant: TokenGrant,
  { tls, proxy }: Route,
  signal: AbortSignal,
  now: () => number = Date.now,
  timeoutMs = TIMEOUT_MS,
): Promise<Token> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  try {
    const url = new URL(grant.tokenUrl);
    const both = AbortSignal.any([signal, deadline.signal]);
    const answer = await sendRequest({ method: 'POST', url, ...written(grant), tls, proxy, signal: both });
    return await read(answer, now);
  } catch (error) {
    if (error instanceof TokenFailure) throw error;
    if (error instanceof ProxyRefused) throw new TokenFailure(`token ${error.message}`);
    throw new TokenFailure(`token ${deadline.signal.aborted ? 'timeout' : reasonOf(error, 'failed')}`);
  } finally {
    clearTimeout(timer);
  }
}

function written({ clientId, clientSecret, clientAuth, scope, audience }: TokenGrant) {
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scope !== '') form.set('scope', scope);
  if (audience !== '') form.set('audience', audience);
  if (clientAuth === 'post') {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret);
  }
  const headers = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
    'user-agent': userAgent(),
    ...(clientAuth === 'basic' ? { authorization: basic(clientId, clientSecret) } : {}),
  };
  return { headers, body: form.toString() };
}

/** RFC 6749 §2.3.1: each part is encoded as in a form before RFC 7617 puts them together. */
function basic(...parts: readonly [id: string, secret: string]): string {
  const encoded = parts.map((part) => new URLSearchParams({ '': part }).toString().slice(1));
  return `Basic ${Buffer.from(encoded.join(':')).toString('base64')}`;
}

/** @throws TokenFailure; what Node throws where the answer breaks off */
async function read(answer: IncomingMessage, now: () => number): Promise<Token> {
  try {
    const { statusCode = 0 } = answer;
    const body = await bodyOf(answer);
    if (statusCode < 200 || statusCode > 299) {
      const code = codeIn(body);
      const reason = `token ${statusCode}${code === undefined ? '' : ` ${code}`}`;
      throw new TokenFailure(reason, retryAfterMs(answer, now()));
    }
    return tokenIn(body, now());
  } finally {
    answer.destroy();
  }
}

async function bodyOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new TokenFailure('token too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** RFC 6749 §5.1. */
function tokenIn(body: string, nowMs: number): Token {
  const { access_token: text, token_type: type, expires_in: expiresIn } = membersOf(body);
  if (typeof text !== 'string' || !TOKEN.test(text)) throw new TokenFailure('token malformed');
  // some leave it out; another type is not shown as a bearer's (§7.1)
  if (type !== undefined && !/^bearer$/i.test(String(type))) throw new TokenFailure('token type');
  return { kind: 'token', text, obtainedAtMs: nowMs, expiresAtMs: expiryOf(text, expiresIn, nowMs) };
}

function membersOf(body: string): Members {
  try {
    return Object(JSON.parse(body)) as Members;
  } catch {
    throw new TokenFailure('token malformed');
  }
}

/** Seconds, which some write as text. Where there are none the token itself may know. */
function expiryOf(token: string, expiresIn: unknown, nowMs: number): number {
  const seconds = typeof expiresIn === 'string' ? Number(expiresIn) : expiresIn;
  if (typeof seconds === 'number' && seconds >= 0) return nowMs + seconds * 1000;
  const exp = readUnverified(token)?.claims.exp;
  return typeof exp === 'number' && exp >= 0 ? exp * 1000 : Number.POSITIVE_INFINITY;
}
