import { EventEmitter } from 'node:events';
import should from 'should';
import { UpgradeRouter } from '../../../src/handshake/upgrade-router.js';
import { nearestPath } from '../../../src/live/nearest-path.js';
import { UnservedPaths } from '../../../src/live/unserved-paths.js';
import { ListenerServer } from '../../support/core/listener-server.js';
import { SocketClient } from '../../support/core/socket-client.js';

/** A request for a path, on whose socket so many bytes were written before it was closed. */
function request(unserved: UnservedPaths, path: string, written = 0): void {
  const socket = Object.assign(new EventEmitter(), { bytesWritten: 7 });
  unserved.follow(path, socket);
  socket.bytesWritten += written;
  socket.emit('close');
}

function paths(unserved: UnservedPaths): string[] {
  return unserved.view([]).map(({ path }) => path);
}

describe('src/live/unserved-paths', () => {
  it('counts a path on whose socket nobody has written, newest first', () => {
    const unserved = new UnservedPaths();
    for (const path of ['/a', '/b', '/a']) request(unserved, path);
    should(unserved.view([]).map(({ path, count }) => [path, count])).eql([
      ['/a', 2],
      ['/b', 1],
    ]);
  });

  it('leaves out what somebody has answered', () => {
    const unserved = new UnservedPaths();
    request(unserved, '/socket.io/', 129);
    should(paths(unserved)).eql([]);
  });

  it('waits with its verdict until the socket is closed', () => {
    const unserved = new UnservedPaths();
    unserved.follow('/a', Object.assign(new EventEmitter(), { bytesWritten: 0 }));
    should(paths(unserved)).eql([]);
  });

  it('names no path that is long or has other characters in it', () => {
    const unserved = new UnservedPaths();
    for (const path of ['/<b>', '/a b', '/%2e', `/${'x'.repeat(64)}`, '/ü', '']) request(unserved, path);
    should(unserved.view([]).map(({ path, count }) => [path, count])).eql([['', 6]]);
    request(unserved, `/${'x'.repeat(63)}`);
    should(paths(unserved)[0]).equal(`/${'x'.repeat(63)}`);
  });

  it('keeps 32 paths, those that were asked for last', () => {
    const unserved = new UnservedPaths();
    for (let i = 0; i < 100; i += 1) request(unserved, `/${i}`);
    should(paths(unserved)).have.length(32);
    should([paths(unserved)[0], paths(unserved).at(-1)]).eql(['/99', '/68']);
  });

  it('names the nearest listener of those that are there now', () => {
    const unserved = new UnservedPaths();
    request(unserved, '/ws/frist');
    should(unserved.view(['/ws/first', '/other']).map(({ nearest }) => nearest)).eql(['/ws/first']);
    should(unserved.view(['/other']).map(({ nearest }) => nearest)).eql([null]);
  });

  it('is told by the router, and not of paths that are a listener’s', async () => {
    const server = await ListenerServer.start();
    const unserved = new UnservedPaths();
    UpgradeRouter.of(server.server).tellOfStrangers((path, socket) => unserved.follow(path, socket));
    const closed = new Promise((resolve) => {
      server.server.on('upgrade', ({ url }, socket) => {
        if (!url?.startsWith('/wss')) return;
        socket.once('close', resolve);
        socket.destroy();
      });
    });
    await SocketClient.refused(server.url());
    await SocketClient.open(`${server.origin}/wss?token=secret`).catch(() => {});
    await closed;
    await server.stop();
    should(unserved.view(['/ws']).map(({ path, nearest }) => [path, nearest])).eql([['/wss', '/ws']]);
  });
});

describe('src/live/nearest-path', () => {
  for (const [path, expected] of [
    ['/ws/frist', '/ws/first'],
    ['/WS/FIRST', '/ws/first'],
    ['/ws', '/ws/a'],
    ['/something/else', null],
    ['', null],
  ] as const) {
    it(`finds ${expected ?? 'none'} for ${path || 'nothing'}`, () => {
      should(nearestPath(path, ['/ws/first', '/ws/a', '/very/far/away'])).equal(expected);
    });
  }
});
