import type { IncomingMessage } from 'node:http';

/** Size in bytes, time in milliseconds. */
export interface BodyLimits {
  /** No answer that is meant for programs is longer; of one that is, nothing is used. */
  readonly maxBytes: number;
  /** What has come by then has to do: a body may never end. */
  readonly timeoutMs: number;
}

const LIMITS: BodyLimits = { maxBytes: 4096, timeoutMs: 1000 };

/** A word for programs. Nothing else of what a stranger answers may get into a status or a log. */
const CODE = /^[a-z_]{1,40}$/;

/**
 * Reads the code of a refusal whose body is `{"error":"code"}`, as listeners of this package and OAuth servers
 * (RFC 6749 §5.2) answer. Resolves to undefined where there is none; never rejects.
 */
export function readErrorCode(
  response: IncomingMessage,
  { maxBytes, timeoutMs }: BodyLimits = LIMITS,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = () => {
      clearTimeout(timer);
      resolve(bytes > maxBytes ? undefined : codeIn(Buffer.concat(chunks).toString()));
    };
    const timer = setTimeout(finish, timeoutMs);
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) finish();
      else chunks.push(chunk);
    });
    response.on('error', () => {}); // 'close' follows
    response.once('end', finish).once('close', finish);
  });
}

/** The code in a body `{"error":"code"}`. */
export function codeIn(body: string): string | undefined {
  try {
    const { error } = Object(JSON.parse(body)) as { readonly error?: unknown };
    return shownCode(error);
  } catch {
    return undefined;
  }
}

/** What a server calls a code, if it may be shown as one. */
export function shownCode(code: unknown): string | undefined {
  return typeof code === 'string' && CODE.test(code) ? code : undefined;
}
