import type { WebSocket } from 'ws';

/** The private state of ws's Receiver that we touch (lib/receiver.js). */
interface ReceiverState {
  _fragments?: unknown;
}

/**
 * Has ws's receiver collect the fragments of all its messages in one list. It makes a new one with each message, which
 * lives until the next one has come: long enough that V8 allocates them in the old generation after a while, where a dead
 * one keeps the last message until the next full collection: some 200 bytes promoted with each message of the bench's
 * `echo 1000 x 16 KiB text`. Where ws has changed, nothing is touched.
 */
export class FragmentList {
  readonly #receiver: ReceiverState | undefined;
  readonly #list: unknown[] = [];

  constructor(socket: WebSocket) {
    const { _receiver: receiver } = socket as unknown as { readonly _receiver?: ReceiverState }; // private
    // of the other types one is the list itself
    const isKnown = socket.binaryType === 'nodebuffer' && isEmptyList(receiver?._fragments);
    this.#receiver = isKnown ? receiver : undefined;
    this.reuse();
  }

  /** To be called while ws tells of a message: it has let go of its list, and has made the next one. */
  reuse(): void {
    const receiver = this.#receiver;
    if (receiver === undefined || !isEmptyList(receiver._fragments)) return;
    this.#list.length = 0;
    receiver._fragments = this.#list;
  }
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
