import type { NodeAPI } from 'node-red';
import { sessionPage } from '../../src/live/session-rows.js';
import { TooManyWatches, Watches } from '../../src/live/watches.js';
import { rosterOf } from '../roster.js';
import { liveDetail } from '../settings.js';
import { closeThem } from './closing.js';
import { LiveRefusal } from './live-error.js';
import { readAfter, readFlag, readSessionQuery, readSince, readWhom } from './request.js';
import { type Asked, Routes } from './serve.js';
import { type ShownEntry, shownEntries } from './shown-entries.js';
import { liveView } from './view.js';
import { openWatch } from './watching.js';

/** Whoever may see flows may see who is connected. */
const MAY_READ = 'websocket-plus.read';

/** Whoever may deploy may close connections, and could make a flow show what is said on them. */
const MAY_WRITE = 'websocket-plus.write';

const PATH = '/websocket-plus/live';

/** Serves the tab *WebSocket connections*. */
export function serveLiveView(RED: NodeAPI): void {
  const detail = liveDetail(RED);
  const watches = new Watches();
  const routes = new Routes(RED);

  /** The listeners that a request is about. @throws LiveRefusal */
  function listenersOf({ params }: Asked): readonly ShownEntry[] {
    if (detail === 'off') throw new LiveRefusal('live-off');
    if (detail === 'counts') throw new LiveRefusal('live-counts');
    return shownEntries(rosterOf(RED), params.id ?? '');
  }

  routes.get(PATH, MAY_READ, ({ query }) => {
    if (detail === 'off') throw new LiveRefusal('live-off');
    return liveView(rosterOf(RED), readSince(query), detail);
  });
  routes.get(`${PATH}/:id/sessions`, MAY_READ, (asked) =>
    sessionPage(listenersOf(asked), readSessionQuery(asked.query)),
  );
  routes.post(`${PATH}/:id/close`, MAY_WRITE, 'close', async (asked) => {
    const closed = await closeThem(listenersOf(asked), readWhom(asked.body), readFlag(asked.body.block));
    return { closed };
  });
  routes.post(`${PATH}/:id/watch`, MAY_WRITE, 'watch', (asked) => {
    try {
      return { ticket: openWatch(watches, listenersOf(asked), readWhom(asked.body)) };
    } catch (error) {
      throw error instanceof TooManyWatches ? new LiveRefusal('live-watches') : error;
    }
  });
  routes.get(`${PATH}/:id/watch/:ticket`, MAY_WRITE, (asked) => {
    listenersOf(asked);
    return watches.ask(asked.params.ticket ?? '', readAfter(asked.query));
  });
}
