import { Agent, get, type IncomingMessage } from 'node:http';
import { serve } from '../harness/rpc.js';
import type { AnswerTimes, Page, Polled, PollerService } from './poller-service.js';

/** Of an open sidebar; Prometheus is often told to ask every 15 s, and this is the worse case. */
const VIEW_PERIOD_MS = 2000;
const SCRAPE_PERIOD_MS = 5000;

/** A browser keeps its connection. Prometheus finds its own closed each time: Node.js waits 5 s. */
const kept = new Agent({ keepAlive: true, maxSockets: 1 });

let since = 0;
let answered = 0;
let failure: unknown;
let timers: NodeJS.Timeout[] = [];

function start(polled: Polled): void {
  answered = 0;
  const view = async () => {
    await overview(polled);
    await sessions(polled);
  };
  every(VIEW_PERIOD_MS, view);
  every(SCRAPE_PERIOD_MS, () => metrics(polled));
}

function every(periodMs: number, ask: () => Promise<unknown>): void {
  const once = () => {
    ask().catch((error: unknown) => {
      failure ??= error;
    });
  };
  once();
  timers.push(setInterval(once, periodMs));
}

function stop(): number {
  for (const timer of timers) clearInterval(timer);
  timers = [];
  if (failure !== undefined) throw failure;
  return answered;
}

async function time({
  times,
  rows,
  ...polled
}: Polled & { readonly times: number; readonly rows: number }): Promise<AnswerTimes> {
  const taken = { overview: [] as number[], sessions: [] as number[], metrics: [] as number[] };
  const clocked = async <T>(page: Page, ask: () => Promise<T>): Promise<T> => {
    const startMs = performance.now();
    const answer = await ask();
    taken[page].push(performance.now() - startMs);
    return answer;
  };
  for (let round = 0; round < times; round++) {
    await clocked('overview', () => overview(polled));
    const page = await clocked('sessions', () => sessions(polled));
    if (page.total !== rows) throw new Error(`${page.total} sessions are shown, of ${rows}`);
    await clocked('metrics', () => metrics(polled));
  }
  return taken;
}

async function overview({ port, listener }: Polled): Promise<void> {
  const text = await ask(port, `live?since=${since}`, kept);
  const view = JSON.parse(text) as { at: number; listeners: readonly { id: string }[] };
  if (!view.listeners.some(({ id }) => id === listener)) throw new Error('the listener is not shown');
  since = view.at;
}

async function sessions({ port, listener }: Polled): Promise<{ readonly total: number }> {
  return JSON.parse(await ask(port, `live/${listener}/sessions`, kept)) as { total: number };
}

async function metrics({ port }: Polled): Promise<void> {
  const text = await ask(port, 'metrics', false);
  if (!/^websocket_plus_messages_total\{/m.test(text)) throw new Error('no messages are counted');
}

/** Rejects unless the answer is a 200. */
async function ask(port: number, path: string, agent: Agent | false): Promise<string> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: `/websocket-plus/${path}`, agent }, resolve).on('error', reject);
  });
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  if (response.statusCode !== 200) throw new Error(`${path}: ${response.statusCode} ${text}`);
  answered += 1;
  return text;
}

serve<PollerService>({ start, stop, time });
