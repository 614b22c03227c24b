import type { EndpointEvent } from '../events/events.js';
import { BoundedCounts } from './bounded-counts.js';
import { closeCodeWord } from './close-code-word.js';

/** A server chooses statuses and close codes: so many different ones are told apart. */
const MAX_WORDS = 32;

/** What has happened to one client since it was made, in plain numbers. */
export class ClientCounts {
  /** By `ok`, or what failed: an HTTP status, an error's code, `timeout`. */
  readonly attempts = new BoundedCounts(MAX_WORDS);
  /** By close code. */
  readonly disconnects = new BoundedCounts(MAX_WORDS);
  /** By the code of the error. */
  readonly sendErrors = new BoundedCounts(MAX_WORDS);

  /** To be called with each event of the client. */
  count(event: EndpointEvent): void {
    switch (event.kind) {
      case 'connect':
        this.attempts.add('ok');
        return;
      case 'failed':
        this.attempts.add(wordOf(event.reason));
        return;
      case 'disconnect':
        if (event.code !== undefined) this.disconnects.add(closeCodeWord(event.code));
        return;
      case 'send-failed':
        this.sendErrors.add(event.code);
        return;
    }
  }
}

/** Without what the server itself says behind its status. */
function wordOf(reason: string): string {
  const [first = '', second = ''] = reason.split(' ');
  return first === 'proxy' ? `proxy_${second}` : first;
}
