import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';

type Decode = (body: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

/** What to ask a server for. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, br';

/** Most encodings on top of one another that are taken off; servers use one. */
const MAX_ENCODINGS = 3;

const DECODERS: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)], // RFC 9110 §8.4.1.3
  ['br', promisify(brotliDecompress)],
  ['deflate', decodeDeflate],
]);

/**
 * Takes off what `Content-Encoding` (RFC 9110 §8.4) says was put on. An encoding that is not known is left on, as there
 * are servers that put a charset there.
 * @param maxBytes for each step; decoding stops there
 * @throws RangeError ERR_BUFFER_TOO_LARGE; else what node:zlib throws on data that it cannot read
 */
export async function decodeContent(body: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  const decoders = encoding
    .split(',')
    .map((name) => DECODERS.get(name.trim().toLowerCase()))
    .filter((decode) => decode !== undefined);
  if (decoders.length > MAX_ENCODINGS) throw new RangeError('too many encodings');
  let decoded = body;
  for (const decode of decoders.reverse()) decoded = await decode(decoded, { maxOutputLength: maxBytes });
  return decoded;
}

/** RFC 9110 §8.4.1.2: some servers leave the zlib format (RFC 1950 §2.2) out. */
function decodeDeflate(...[body, options]: Parameters<Decode>): Promise<Buffer> {
  const hasHeader = body.length > 1 && (body.readUInt8(0) & 15) === 8 && body.readUInt16BE(0) % 31 === 0;
  return promisify(hasHeader ? inflate : inflateRaw)(body, options);
}
