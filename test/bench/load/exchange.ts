import { randomBytes } from 'node:crypto';
import type { Dialect } from '../peers/peer-spec.js';
import { BINARY, clientFrame, serverFrame, TEXT } from './frames.js';

/** What goes to a server, and what comes back when it sends the message back: to the byte. */
export interface Exchange {
  readonly frames: Buffer;
  readonly answer: Buffer;
}

type Part = readonly [opcode: number, payload: Buffer];

/** Who sends and receives a message, by its name in socket.io. */
const EVENT = 'm';

/** A message of `bytes` of ASCII text, or of random bytes. */
export function exchange(dialect: Dialect, bytes: number, isBinary: boolean): Exchange {
  const payload = isBinary ? randomBytes(bytes) : Buffer.alloc(bytes, '{"temperature":21.5,"unit":"C"},');
  const parts = (dialect === 'socket.io' ? eventParts : plainParts)(payload, isBinary);
  return {
    frames: Buffer.concat(parts.map((part) => clientFrame(...part))),
    answer: Buffer.concat(parts.map((part) => serverFrame(...part))),
  };
}

function plainParts(payload: Buffer, isBinary: boolean): readonly Part[] {
  return [[isBinary ? BINARY : TEXT, payload]];
}

/** An event of socket.io: 4 is a message of engine.io, 2 an event, 5 an event whose one buffer follows (protocol 5). */
function eventParts(payload: Buffer, isBinary: boolean): readonly Part[] {
  if (!isBinary) return [[TEXT, Buffer.from(`42${JSON.stringify([EVENT, payload.toString('latin1')])}`)]];
  const placeholder = JSON.stringify([EVENT, { _placeholder: true, num: 0 }]);
  return [
    [TEXT, Buffer.from(`451-${placeholder}`)],
    [BINARY, payload],
  ];
}
