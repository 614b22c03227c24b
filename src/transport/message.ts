import { type ServerFrame, serverFrame } from './server-frame.js';

/** A message's payload as it arrived. */
export interface Frame {
  readonly data: Buffer;
  /** RFC 6455 §5.6: a binary frame, else text in UTF-8. */
  readonly isBinary: boolean;
}

/** A message that has no form on the wire: it is circular, say, or holds a BigInt. */
export class UnserialisableError extends Error {
  readonly code = 'send-unserialisable';

  constructor(options?: ErrorOptions) {
    super('send-unserialisable', options);
    this.name = 'UnserialisableError';
  }
}

/** What a peer may not say of itself: who it is, where a link call returns to, what a message inherits from. */
const RESERVED = ['_session', '_linkSource', '__proto__'] as const;

/**
 * Turns a frame into a new message object.
 * @param wholeMessage text that holds a JSON object is the message; other JSON is the payload, parsed
 */
export function decode(frame: Frame, wholeMessage: boolean): Record<string, unknown> {
  if (frame.isBinary) return { payload: frame.data };
  const text = frame.data.toString('utf8');
  if (!wholeMessage) return { payload: text };
  const value = parse(text);
  // an array given to node.send() is several messages: the peer would choose each one's _session
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { payload: value };
  const message = value as Record<string, unknown>;
  for (const name of RESERVED) delete message[name];
  return message;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Turns a message into a frame; undefined where there is nothing to send. `message` is not changed.
 * @param wholeMessage the message as JSON without `_session`; else only `payload`: bytes as binary, a string as text,
 * anything else as JSON text
 * @throws UnserialisableError
 */
export function encode(
  message: Readonly<Record<string, unknown>>,
  wholeMessage: boolean,
): ServerFrame | undefined {
  if (wholeMessage) {
    const { _session, ...rest } = message;
    return serverFrame(toJson(rest), false);
  }
  if (!Object.hasOwn(message, 'payload')) return undefined;
  const { payload } = message;
  if (payload === undefined || payload === '') return undefined;
  if (typeof payload === 'string') return serverFrame(payload, false);
  if (ArrayBuffer.isView(payload)) {
    return serverFrame(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength), true);
  }
  if (payload instanceof ArrayBuffer) return serverFrame(Buffer.from(payload), true);
  return serverFrame(toJson(payload), false);
}

function toJson(value: unknown): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch (cause) {
    throw new UnserialisableError({ cause });
  }
  if (json === undefined) throw new UnserialisableError();
  return json;
}
