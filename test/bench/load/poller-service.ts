/** Whom the poller asks. */
export interface Polled {
  readonly port: number;
  /** The config node's id. */
  readonly listener: string;
}

/** What is asked of the admin API: the two views of the sidebar, and the metrics. */
export type Page = 'overview' | 'sessions' | 'metrics';

/** The time until an answer was there, in milliseconds. */
export type AnswerTimes = Readonly<Record<Page, readonly number[]>>;

export interface PollerService {
  /** Asks as an open sidebar and a Prometheus do, until `stop`. */
  start(polled: Polled): void;
  /** @returns how many answers came @throws Error where one was no good answer */
  stop(): number;
  /** Asks for each page so many times, one after the other. @throws Error where one is no good answer */
  time(options: Polled & { readonly times: number; readonly rows: number }): Promise<AnswerTimes>;
}
