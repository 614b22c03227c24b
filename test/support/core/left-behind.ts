// A root hook of every mocha run (`--require`). Mocha waits for a process that still has something open, for ever: the
// test that forgot to close it would show as a run that never ends.
import { Server } from 'node:net';

/** How long what tests closed may take to be gone, ms. */
const GRACE_MS = 20_000;

/** Where each server was told to listen. */
const servers = new Map<Server, string | undefined>();

const { listen } = Server.prototype;
Server.prototype.listen = function (this: Server, ...args: unknown[]) {
  servers.set(this, new Error('listens since').stack);
  return Reflect.apply(listen, this, args);
};

export const mochaHooks = {
  afterAll(): void {
    setTimeout(() => {
      console.error('Something was left open by a test:', process.getActiveResourcesInfo());
      for (const [server, stack] of servers) if (server.listening) console.error(stack);
      process.exit(1);
    }, GRACE_MS).unref();
  },
};
