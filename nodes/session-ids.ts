import { randomBytes } from 'node:crypto';
import { createSessionIds } from '../src/sessions/session-id.js';
import { SessionIdRing } from '../src/sessions/session-id-ring.js';

/**
 * Shared by all listeners of the process: a session of one proves its tenant to another, so that flows can answer across
 * listeners. Lives as long as the process, redeploys included; an id of an earlier run proves nothing, unless it is a cluster's.
 */
export const sessionIds = new SessionIdRing(createSessionIds(randomBytes(32)));
