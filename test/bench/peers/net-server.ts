import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { meter } from '../harness/meter.js';
import { serve } from '../harness/rpc.js';
import { serverFrameBytes } from '../load/frames.js';
import type { PeerService } from './peer-spec.js';

/** RFC 6455 §1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** A client's frame is longer by its mask (RFC 6455 §5.2). */
const MASK_BYTES = 4;

/**
 * What Node can do at best: whatever comes from one peer, the same frame goes to all, made once. Reads no frame, so it
 * takes messages of one size only, one at a time.
 */
async function start(): Promise<number> {
  const server = createServer();
  const sockets = new Set<Socket>();
  server.on('upgrade', (request, socket: Socket) => {
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}${GUID}`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    socket.setNoDelay();
    socket.on('error', () => {});
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    let frame: Buffer = Buffer.alloc(0);
    let received = 0;
    socket.on('data', (chunk) => {
      if (frame.length === 0) frame = frameOf(chunk);
      received += chunk.length;
      for (; received >= frame.length + MASK_BYTES; received -= frame.length + MASK_BYTES) {
        for (const other of sockets) other.write(frame);
      }
    });
  });
  server.listen(0, '127.0.0.1', 4096);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A frame as long as the one that begins with `head`. */
function frameOf(head: Buffer): Buffer {
  const length = (head[1] ?? 0) & 0x7f;
  const bytes = length < 126 ? length : head.readUInt16BE(2);
  const frame = Buffer.alloc(serverFrameBytes(bytes), 'x');
  frame[0] = head[0] ?? 0;
  frame[1] = length;
  if (length === 126) frame.writeUInt16BE(bytes, 2);
  return frame;
}

serve<PeerService>({ ...meter, start });
