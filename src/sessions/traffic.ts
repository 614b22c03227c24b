/** Messages of a flow, and the bytes of their payloads. */
export interface Amount {
  readonly messages: number;
  readonly bytes: number;
}

/** Counts messages that have one way in common. It never goes down. */
export class Tally implements Amount {
  messages = 0;
  bytes = 0;

  /** @param bytes of the payload of each */
  add(messages: number, bytes: number): void {
    this.messages += messages;
    this.bytes += messages * bytes;
  }
}

const NONE: readonly Tally[] = [];

/**
 * What one connection has received and was sent: four numbers. A message to many is counted with its audience, once; what
 * a member was sent is what its audiences were since it came, and what it was sent alone. Who leaves while a message to
 * thousands is being written counts as having got it.
 */
export class Traffic {
  #receivedMessages = 0;
  #receivedBytes = 0;
  #sentMessages = 0;
  #sentBytes = 0;
  #audiences = NONE;

  get received(): Amount {
    return { messages: this.#receivedMessages, bytes: this.#receivedBytes };
  }

  get sent(): Amount {
    let messages = this.#sentMessages;
    let bytes = this.#sentBytes;
    for (const audience of this.#audiences) {
      messages += audience.messages;
      bytes += audience.bytes;
    }
    return { messages, bytes };
  }

  /** A message came from the peer. */
  countReceived(bytes: number): void {
    this.#receivedMessages += 1;
    this.#receivedBytes += bytes;
  }

  /** A message goes to this peer alone. */
  countSent(bytes: number): void {
    this.#sentMessages += 1;
    this.#sentBytes += bytes;
  }

  /** A message that is counted did not go to this peer. */
  discount(bytes: number): void {
    this.#sentMessages -= 1;
    this.#sentBytes -= bytes;
  }

  /** From now on what is sent to these is sent to this peer, too. */
  join(audiences: readonly Tally[]): void {
    const { messages, bytes } = this.sent;
    this.#audiences = audiences;
    const before = this.sent;
    this.#sentMessages += messages - before.messages;
    this.#sentBytes += bytes - before.bytes;
  }

  leave(): void {
    this.join(NONE);
  }
}
