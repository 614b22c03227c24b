import type { LiveErrorCode } from './protocol.js';

/** What a request is refused with; what else may go wrong, the editor sees by itself. */
type RefusalCode = Exclude<LiveErrorCode, 'live-forbidden' | 'live-forbidden-write' | 'trial-unreachable'>;

const STATUS: Readonly<Record<RefusalCode, number>> = {
  'live-off': 404,
  'live-counts': 403,
  'live-unknown': 404,
  'live-watches': 429,
  'live-no-block': 409,
  'live-failed': 500,
  'bad-request': 400,
};

/** A request that is refused. */
export class LiveRefusal extends Error {
  readonly code: RefusalCode;
  /** HTTP status to answer with. */
  readonly status: number;

  constructor(code: RefusalCode) {
    super(code);
    this.name = 'LiveRefusal';
    this.code = code;
    this.status = STATUS[code];
  }
}
