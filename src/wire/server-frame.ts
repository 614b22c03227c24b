import type { WebSocket } from 'ws';

/** One message on its way out: a single unfragmented frame, made once for however many peers it goes to. */
export interface ServerFrame {
  readonly payload: string | Buffer;
  readonly isBinary: boolean;
  /** The frame as it stands on the wire. */
  readonly bytes: Buffer;
}

const FIN = 0x80;
const TEXT = 1;
const BINARY = 2;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/**
 * Frames a message as a server does: unmasked, RFC 6455 §5.2. Header and payload are one buffer, because one write is
 * cheaper than two, and the same buffer serves every peer.
 */
export function serverFrame(payload: string | Buffer, isBinary: boolean): ServerFrame {
  const length = Buffer.byteLength(payload);
  const header = length < LENGTH_16 ? 2 : length < 2 ** 16 ? 4 : 10;
  const bytes = Buffer.allocUnsafe(header + length);
  bytes[0] = FIN | (isBinary ? BINARY : TEXT);
  if (header === 2) {
    bytes[1] = length;
  } else if (header === 4) {
    bytes[1] = LENGTH_16;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = LENGTH_64;
    bytes.writeBigUInt64BE(BigInt(length), 2);
  }
  if (typeof payload === 'string') bytes.write(payload, header, 'utf8');
  else payload.copy(bytes, header);
  return { payload, isBinary, bytes };
}

/** The private state of ws's Sender that we read (lib/sender.js). */
interface SenderState {
  readonly _state?: unknown;
  readonly _firstFragment?: unknown;
}

/**
 * Whether a ready-made frame may be written past ws to the stream below: nothing compresses, nothing waits inside ws's
 * sender, and no fragmented message is under way. In doubt ws sends.
 */
export function mayWritePast(socket: WebSocket): boolean {
  const { _sender: sender } = socket as unknown as { readonly _sender?: SenderState }; // private: absent means no
  return socket.extensions === '' && sender?._state === 0 && sender._firstFragment === true;
}
