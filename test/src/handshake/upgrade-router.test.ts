import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import 'should';
import { type Claimant, UpgradeRouter } from '../../../src/handshake/upgrade-router.js';

/** Stands for an http.Server: the router uses its events only. */
function newServer(): Server {
  return new EventEmitter() as Server;
}

class Recorder implements Claimant {
  readonly targets: string[] = [];
  readonly owned: boolean[] = [];
  readonly id: string;
  readonly path: string;

  constructor(id: string, path = '/ws') {
    this.id = id;
    this.path = path;
  }

  handleUpgrade(request: IncomingMessage): void {
    this.targets.push(request.url ?? '');
  }

  setOwner(owner: boolean): void {
    this.owned.push(owner);
  }

  get owner(): boolean {
    return this.owned.at(-1) ?? false;
  }
}

function upgrade(server: Server, url: string): void {
  server.emit('upgrade', { url } as IncomingMessage, new EventEmitter() as Duplex, Buffer.alloc(0));
}

const NONE: ReadonlySet<string> = new Set();

describe('src/handshake/waiting-room/upgrade-router', () => {
  let server: Server;
  let router: UpgradeRouter;

  beforeEach(() => {
    server = newServer();
    router = UpgradeRouter.of(server);
  });

  it('hands an upgrade to the owner of its path, in every form of a request target', () => {
    const listener = new Recorder('a');
    router.claim(listener);
    router.settle(NONE);
    const ours = [
      '/ws',
      '/ws?token=x',
      '/ws?',
      '/ws#f',
      'http://host/ws?x',
      'ws://host:1880/ws',
      'HTTP://h/ws',
    ];
    const foreign = [
      '/',
      '',
      '//',
      '//ws',
      '/ws/',
      '/WS',
      '/ws%20',
      '/x?/ws',
      '/comms',
      '*',
      'http://ws',
      '/w\u0000s',
    ];
    for (const url of [...ours, ...foreign]) upgrade(server, url);
    listener.targets.should.eql(ours);
  });

  it('listens on a server once, and stops when the last listener goes', () => {
    const all = ['a', 'b', 'c'].map((id) => new Recorder(id, `/${id}`));
    for (const one of all) router.claim(one);
    server.listenerCount('upgrade').should.equal(1);
    for (const one of all) router.release(one);
    server.listenerCount('upgrade').should.equal(0);
    router.claim(new Recorder('a', '/a'));
    server.listenerCount('upgrade').should.equal(1);
  });

  it('gives a path to whoever asked first, and tells the others', () => {
    const [first, second] = [new Recorder('a'), new Recorder('b')];
    router.claim(first);
    router.claim(second);
    router.settle(NONE);
    [first.owner, second.owner].should.eql([true, false]);
    upgrade(server, '/ws');
    [first.targets.length, second.targets.length].should.eql([1, 0]);
  });

  it('does not hand the path to a rival while its owner is made anew', () => {
    const [owner, rival] = [new Recorder('a'), new Recorder('b')];
    router.claim(owner);
    router.claim(rival);
    router.settle(NONE);
    router.release(owner);
    const again = new Recorder('a');
    router.claim(again);
    again.owner.should.equal(true);
    router.settle(NONE);
    [again.owner, rival.owner].should.eql([true, false]);
  });

  it('keeps the path when all of them are made anew, in another order', () => {
    const [owner, rival] = [new Recorder('a'), new Recorder('b')];
    router.claim(owner);
    router.claim(rival);
    router.settle(NONE);
    router.release(owner);
    router.release(rival);
    const [rivalAgain, ownerAgain] = [new Recorder('b'), new Recorder('a')];
    router.claim(rivalAgain);
    router.claim(ownerAgain);
    router.settle(NONE);
    [ownerAgain.owner, rivalAgain.owner].should.eql([true, false]);
  });

  it('gives the path to the next who wanted it when the owner is removed', () => {
    const [owner, rival] = [new Recorder('a'), new Recorder('b')];
    router.claim(owner);
    router.claim(rival);
    router.settle(NONE);
    router.release(owner);
    router.settle(NONE);
    rival.owner.should.equal(true);
    upgrade(server, '/ws');
    rival.targets.length.should.equal(1);
  });

  it('leaves a path that belongs to somebody else alone, also when that comes later', () => {
    const listener = new Recorder('a');
    router.claim(listener);
    router.settle(NONE);
    router.settle(new Set(['/ws']));
    listener.owner.should.equal(false);
    upgrade(server, '/ws');
    listener.targets.length.should.equal(0);
    router.settle(NONE);
    listener.owner.should.equal(true);
  });

  it('has a router of its own for each server', () => {
    UpgradeRouter.of(newServer()).should.not.equal(router);
    UpgradeRouter.of(server).should.equal(router);
  });
});
