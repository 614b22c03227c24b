import { isAscii } from 'node:buffer';
import { SendError } from './send-error.js';

/** A message's payload on its way out, as text or as binary (RFC 6455 §5.6). */
export interface OutboundPayload {
  readonly payload: string | Buffer;
  readonly isBinary: boolean;
}

/** From here on it pays to look whether text is all ASCII, which need not be decoded, in bytes. */
const ASCII_PAYS = 2048;

/** What a peer may not say of itself: who it is, where a link call returns to, what a message inherits from. */
const RESERVED = ['_session', '_linkSource', '__proto__'] as const;

/**
 * Turns what a peer sent into a new message object.
 * @param data the payload, whole (RFC 6455 §5.4)
 * @param isBinary whether it came in binary frames, else in text frames (RFC 6455 §5.6)
 * @param wholeMessage text that holds a JSON object is the message; other JSON is the payload, parsed
 */
export function decode(data: Buffer, isBinary: boolean, wholeMessage: boolean): Record<string, unknown> {
  if (isBinary) return messageOf(data);
  const text = textOf(data);
  if (!wholeMessage) return messageOf(text);
  const value = parse(text);
  // an array given to node.send() is several messages: the peer would choose each one's _session
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return messageOf(value);
  const message = value as Record<string, unknown>;
  for (const name of RESERVED) delete message[name];
  return message;
}

/**
 * Not a literal with the property in it: where flows keep messages for a while, V8 makes what such a literal gives in the
 * old generation from then on, and each message there keeps its payload until the next full collection. `{}` it does not.
 */
function messageOf(payload: unknown): Record<string, unknown> {
  const message: Record<string, unknown> = {};
  message.payload = payload;
  return message;
}

function textOf(data: Buffer): string {
  return data.toString(data.length >= ASCII_PAYS && isAscii(data) ? 'latin1' : 'utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Turns a message into what is sent of it; undefined where there is nothing to send. `message` is not changed.
 * @param wholeMessage the message as JSON without `_session`; else only `payload`: bytes as binary, a string as text,
 * anything else as JSON text
 * @throws SendError
 */
export function encode(
  message: Readonly<Record<string, unknown>>,
  wholeMessage: boolean,
): OutboundPayload | undefined {
  if (wholeMessage) {
    const { _session, ...rest } = message;
    return { payload: toJson(rest), isBinary: false };
  }
  if (!Object.hasOwn(message, 'payload')) return undefined;
  const { payload } = message;
  if (payload === undefined || payload === '') return undefined;
  if (typeof payload === 'string') return { payload, isBinary: false };
  if (ArrayBuffer.isView(payload)) {
    return { payload: Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength), isBinary: true };
  }
  if (payload instanceof ArrayBuffer) return { payload: Buffer.from(payload), isBinary: true };
  return { payload: toJson(payload), isBinary: false };
}

function toJson(value: unknown): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch (cause) {
    throw new SendError('send-unserialisable', { cause });
  }
  if (json === undefined) throw new SendError('send-unserialisable');
  return json;
}
