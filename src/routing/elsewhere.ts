import type { SendError } from '../wire/send-error.js';
import type { ServerFrame } from '../wire/server-frame.js';
import type { Recipients } from './recipients.js';

/** Where a listener has peers that are not connected to this process. */
export interface Elsewhere {
  /**
   * Sends to those of the recipients that are not here. Never waits.
   * @param exceptId the session that is left out, which is not here
   * @returns what kept it from leaving; undefined where it has left, or where none of them can be elsewhere
   */
  send(recipients: Recipients, frame: ServerFrame, exceptId?: string): SendError | undefined;
}
