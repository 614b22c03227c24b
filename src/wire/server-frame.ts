import type { WebSocket } from 'ws';

/** One message on its way out: a single unfragmented frame, made once for however many peers it goes to. */
export interface ServerFrame {
  readonly payload: string | Buffer;
  readonly isBinary: boolean;
  /** The frame as it stands on the wire, or its header alone where `rest` follows. */
  readonly bytes: Buffer;
  readonly rest: Buffer | undefined;
  /** Of the frame on the wire, in bytes. */
  readonly size: number;
}

const FIN = 0x80;
const TEXT = 1;
const BINARY = 2;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** Of a header without a mask, in bytes. */
const MAX_HEADER = 10;

/** From here on two writes cost less than copying the payload into the frame, in bytes. */
const APART = 8 * 1024;

/** From here on it pays to write text without asking for its length in UTF-8 before, in UTF-16 units. */
const IN_ONE_PASS = 1024;

/** The longest character of UTF-8, in bytes. */
const MAX_CHARACTER = 4;

/**
 * Frames a message as a server does: unmasked, RFC 6455 §5.2. Header and payload are one buffer, because one write is
 * cheaper than two, and the same buffer serves every peer.
 * @param alone it goes to one peer at most: many bytes then stay where they are, which must not be changed any more
 */
export function serverFrame(payload: string | Buffer, isBinary: boolean, alone = false): ServerFrame {
  if (typeof payload === 'string') {
    return whole(payload, isBinary, framedInOnePass(payload, isBinary) ?? framed(payload, isBinary));
  }
  const { length } = payload;
  const header = headerSize(length);
  if (alone && length >= APART) {
    const bytes = Buffer.allocUnsafe(header);
    writeHeader(bytes, 0, isBinary, length);
    return { payload, isBinary, bytes, rest: payload, size: header + length };
  }
  const bytes = Buffer.allocUnsafe(header + length);
  writeHeader(bytes, 0, isBinary, length);
  payload.copy(bytes, header);
  return whole(payload, isBinary, bytes);
}

/** The payload of a frame as bytes, not copied. */
export function payloadOf({ bytes, rest }: ServerFrame): Buffer {
  if (rest !== undefined) return rest;
  const length = bytes[1] ?? 0; // no mask: the first bit is 0
  return bytes.subarray(length < LENGTH_16 ? 2 : length === LENGTH_16 ? 4 : MAX_HEADER);
}

/** Of the message that a frame carries, in bytes. */
export function payloadLength({ size }: ServerFrame): number {
  if (size < 2 + LENGTH_16) return size - 2;
  return size < 4 + 2 ** 16 ? size - 4 : size - MAX_HEADER;
}

function whole(payload: string | Buffer, isBinary: boolean, bytes: Buffer): ServerFrame {
  return { payload, isBinary, bytes, rest: undefined, size: bytes.length };
}

function framed(text: string, isBinary: boolean): Buffer {
  const length = Buffer.byteLength(text);
  const header = headerSize(length);
  const bytes = Buffer.allocUnsafe(header + length);
  writeHeader(bytes, 0, isBinary, length);
  // as many bytes as units is ASCII
  bytes.write(text, header, length === text.length ? 'latin1' : 'utf8');
  return bytes;
}

/**
 * Frames long text that is nearly all ASCII. Its length is known once it is written, so the header is put before it last.
 * @returns undefined where the text is short, or needs much more room than ASCII would
 */
function framedInOnePass(text: string, isBinary: boolean): Buffer | undefined {
  const units = text.length;
  // one look tells most writings apart that are not Latin
  if (units < IN_ONE_PASS || text.charCodeAt(units >> 1) > 0x7f) return undefined;
  const most = units + (units >> 4);
  const bytes = Buffer.allocUnsafe(MAX_HEADER + most + MAX_CHARACTER);
  const length = bytes.write(text, MAX_HEADER, 'utf8');
  if (length > most) return undefined; // a character may be missing for which there was no room
  const start = MAX_HEADER - headerSize(length);
  writeHeader(bytes, start, isBinary, length);
  return bytes.subarray(start, MAX_HEADER + length);
}

function headerSize(length: number): number {
  if (length < LENGTH_16) return 2;
  return length < 2 ** 16 ? 4 : MAX_HEADER;
}

function writeHeader(bytes: Buffer, start: number, isBinary: boolean, length: number): void {
  bytes[start] = FIN | (isBinary ? BINARY : TEXT);
  if (length < LENGTH_16) {
    bytes[start + 1] = length;
  } else if (length < 2 ** 16) {
    bytes[start + 1] = LENGTH_16;
    bytes.writeUInt16BE(length, start + 2);
  } else {
    bytes[start + 1] = LENGTH_64;
    bytes.writeUInt32BE(Math.floor(length / 2 ** 32), start + 2);
    bytes.writeUInt32BE(length % 2 ** 32, start + 6);
  }
}

/** The private state of ws's Sender that we read (lib/sender.js). */
interface SenderState {
  readonly _state?: unknown;
  readonly _firstFragment?: unknown;
}

/**
 * Whether a ready-made frame may be written past ws to the stream below: nothing waits inside ws's sender, and no
 * fragmented message is under way. In doubt ws sends. Never where an extension was negotiated, which is not asked here:
 * ws lists their names anew each time.
 */
export function mayWritePast(socket: WebSocket): boolean {
  const { _sender: sender } = socket as unknown as { readonly _sender?: SenderState }; // private: absent means no
  return sender?._state === 0 && sender._firstFragment === true;
}
