export const TEXT = 1;
export const BINARY = 2;
const CLOSE = 8;

/** Not zero: ws does not unmask what was masked with zeros. */
const MASK = Buffer.from([0x5a, 0xc3, 0x17, 0x99]);

/** Says goodbye with 1000. */
export const closeFrame = clientFrame(CLOSE, Buffer.from([0x03, 0xe8]));

/** A whole message as a peer sends it (RFC 6455 §5.2). */
export function clientFrame(opcode: number, payload: Buffer): Buffer {
  const length = lengthField(payload.length);
  length[0] = (length[0] ?? 0) | 0x80;
  return Buffer.concat([Buffer.from([0x80 | opcode]), length, MASK, masked(payload)]);
}

/** The same as a server sends it, unmasked. */
export function serverFrame(opcode: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x80 | opcode]), lengthField(payload.length), payload]);
}

/** The length of an unmasked frame with a payload of `bytes`. */
export function serverFrameBytes(bytes: number): number {
  return bytes + lengthField(bytes).length + 1;
}

function lengthField(bytes: number): Buffer {
  if (bytes < 126) return Buffer.from([bytes]);
  if (bytes < 0x10000) return Buffer.from([126, bytes >> 8, bytes & 0xff]);
  const field = Buffer.alloc(9);
  field[0] = 127;
  field.writeBigUInt64BE(BigInt(bytes), 1);
  return field;
}

function masked(payload: Buffer): Buffer {
  return Buffer.from(payload.map((byte, index) => byte ^ (MASK[index % MASK.length] ?? 0)));
}
