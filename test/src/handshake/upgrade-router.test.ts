import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import { type Duplex, PassThrough } from 'node:stream';
import should from 'should';
import { requestPath } from '../../../src/config/path.js';
import { type Claimant, type PathParams, UpgradeRouter } from '../../../src/handshake/upgrade-router.js';

/** Stands for an http.Server: the router uses its events only. */
function newServer(): Server {
  return new EventEmitter() as Server;
}

class Recorder implements Claimant {
  readonly targets: string[] = [];
  readonly params: (PathParams | undefined)[] = [];
  readonly owned: boolean[] = [];
  readonly id: string;
  readonly path: string;

  constructor(id: string, path = '/ws') {
    this.id = id;
    this.path = requestPath(path);
  }

  handleUpgrade(request: IncomingMessage, _socket: Duplex, _head: Buffer, params?: PathParams): void {
    this.targets.push(request.url ?? '');
    this.params.push(params);
  }

  setOwner(owner: boolean): void {
    this.owned.push(owner);
  }

  get owner(): boolean {
    return this.owned.at(-1) ?? false;
  }
}

function upgrade(server: Server, url: string): void {
  server.emit('upgrade', { url } as IncomingMessage, new PassThrough(), Buffer.alloc(0));
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
      '/ws/',
      '/ws/?token=x',
      '/%77%73',
      'http://host/w%73/',
    ];
    const foreign = [
      '/',
      '',
      '//',
      '//ws',
      '/ws//',
      '/ws%2F',
      '/ws%2f',
      '%2Fws',
      '/%2577s',
      '/WS',
      '/ws%20',
      '/x?/ws',
      '/comms',
      '*',
      'http://ws',
      '/w\u0000s',
    ];
    for (const url of [...ours, ...foreign]) upgrade(server, url);
    should(listener.targets).eql(ours);
  });

  it('listens on a server once, and stops when the last listener goes', () => {
    const all = ['a', 'b', 'c'].map((id) => new Recorder(id, `/${id}`));
    for (const one of all) router.claim(one);
    should(server.listenerCount('upgrade')).equal(1);
    for (const one of all) router.release(one);
    should(server.listenerCount('upgrade')).equal(0);
    router.claim(new Recorder('a', '/a'));
    should(server.listenerCount('upgrade')).equal(1);
  });

  it('gives a path to whoever asked first, and tells the others', () => {
    const [first, second] = [new Recorder('a'), new Recorder('b')];
    router.claim(first);
    router.claim(second);
    router.settle(NONE);
    should([first.owner, second.owner]).eql([true, false]);
    upgrade(server, '/ws');
    should([first.targets.length, second.targets.length]).eql([1, 0]);
  });

  it('does not hand the path to a rival while its owner is made anew', () => {
    const [owner, rival] = [new Recorder('a'), new Recorder('b')];
    router.claim(owner);
    router.claim(rival);
    router.settle(NONE);
    router.release(owner);
    const again = new Recorder('a');
    router.claim(again);
    should(again.owner).equal(true);
    router.settle(NONE);
    should([again.owner, rival.owner]).eql([true, false]);
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
    should([ownerAgain.owner, rivalAgain.owner]).eql([true, false]);
  });

  it('gives the path to the next who wanted it when the owner is removed', () => {
    const [owner, rival] = [new Recorder('a'), new Recorder('b')];
    router.claim(owner);
    router.claim(rival);
    router.settle(NONE);
    router.release(owner);
    router.settle(NONE);
    should(rival.owner).equal(true);
    upgrade(server, '/ws');
    should(rival.targets.length).equal(1);
  });

  it('leaves a path that belongs to somebody else alone, also when that comes later', () => {
    const listener = new Recorder('a');
    router.claim(listener);
    router.settle(NONE);
    router.settle(new Set(['/ws']));
    should(listener.owner).equal(false);
    upgrade(server, '/ws');
    should(listener.targets.length).equal(0);
    router.settle(NONE);
    should(listener.owner).equal(true);
  });

  /** Claims all of these paths and hands out some requests. @returns who got which, by the paths */
  function routed(paths: readonly string[], targets: readonly string[], foreign: readonly string[] = []) {
    const listeners = paths.map((path) => new Recorder(path, path));
    for (const one of listeners) router.claim(one);
    router.settle(new Set(foreign.map(requestPath)));
    for (const target of targets) upgrade(server, target);
    return Object.fromEntries(listeners.map(({ id, targets: got }) => [id, got]));
  }

  it('takes all spellings of a path for one, and never a slash that is encoded for one', () => {
    const all = ['/%C3%B6/a-b', '/%c3%b6/a-b', '/%C3%b6/%61%2Db', '/%C3%B6/a-b/'];
    for (const path of ['/ö/a-b', '/%c3%B6/a-b', '/%C3%B6/%61-b']) {
      should(routed([path], all)).eql({ [path]: all });
      const others = ['/%C3%B6%2Fa-b', '/%C3%B6/a%2Db%20', '/%C3%B7/a-b', '/%25C3%25B6/a-b'];
      should(routed([path], others)).eql({ [path]: [] });
      server = newServer();
      router = UpgradeRouter.of(server);
    }
  });

  it('takes two spellings of a path for rivals', () => {
    const [first, second] = [new Recorder('a', '/%C3%B6'), new Recorder('b', '/%c3%b6')];
    for (const one of [first, second]) router.claim(one);
    router.settle(NONE);
    should([first.owner, second.owner]).eql([true, false]);
  });

  it('passes over a slash at the end where nobody has that path', () => {
    should(
      routed(['/a', '/a/', '/b', '/c', '/d/'], ['/a', '/a/', '/b/', '/c/', '/d', '/', '//'], ['/c/']),
    ).eql({
      '/a': ['/a'],
      '/a/': ['/a/'],
      '/b': ['/b/'],
      '/c': [],
      '/d/': [],
    });
  });

  it('leaves alone what belongs to somebody else, with a slash at its end, too', () => {
    should(routed(['/:any', '/:a/:b'], ['/comms', '/comms/', '/x/y', '/%63omms'], ['/comms', '/x/y'])).eql({
      '/:any': [],
      '/:a/:b': [],
    });
  });

  it('has a literal path win over parameters, and the earlier literal segment over the later', () => {
    const paths = ['/a/:x', '/a/b', '/:x/b', '/a/:x/c', '/a/b/:y', '/:x/:y/:z'];
    const targets = [
      '/a/b',
      '/a/b/',
      '/a/q',
      '/q/b',
      '/a/b/c',
      '/a/q/c',
      '/a/b/q',
      '/q/b/c',
      '/a/q/r',
      '/q/q',
    ];
    should(routed(paths, targets)).eql({
      '/a/b': ['/a/b', '/a/b/'],
      '/a/:x': ['/a/q'],
      '/:x/b': ['/q/b'],
      '/a/:x/c': ['/a/q/c'],
      '/a/b/:y': ['/a/b/c', '/a/b/q'],
      '/:x/:y/:z': ['/q/b/c', '/a/q/r'],
    });
  });

  it('gives the parameters, percent-decoded, under the names of whoever owns the path', () => {
    const [listener, rival] = [
      new Recorder('a', '/ocpp/:station/:__proto__'),
      new Recorder('b', '/ocpp/:x/:y'),
    ];
    for (const one of [listener, rival]) router.claim(one);
    router.settle(NONE);
    should([listener.owner, rival.owner]).eql([true, false]);
    for (const url of [
      '/ocpp/CP%201/b',
      '/ocpp/%C3%B6/%252F?token=x',
      '/ocpp/:station/{}/',
      '/ocpp/a+b/%61',
    ]) {
      upgrade(server, url);
    }
    should(listener.params.map((params) => Object.entries(params ?? {}))).eql([
      [
        ['station', 'CP 1'],
        ['__proto__', 'b'],
      ],
      [
        ['station', 'ö'],
        ['__proto__', '%2F'],
      ],
      [
        ['station', ':station'],
        ['__proto__', '{}'],
      ],
      [
        ['station', 'a+b'],
        ['__proto__', 'a'],
      ],
    ]);
    router.release(listener);
    router.settle(NONE);
    upgrade(server, '/ocpp/1/2');
    should(rival.params).eql([{ x: '1', y: '2' }]);
  });

  it('gives no parameters for a literal path', () => {
    const listener = new Recorder('a');
    router.claim(listener);
    router.settle(NONE);
    upgrade(server, '/ws/');
    should(listener.params).eql([undefined]);
  });

  it('matches no segment that is empty, broken, or more than a name', () => {
    const hostile = [
      '/ocpp',
      '/ocpp/',
      '/ocpp//',
      '/ocpp/a/b',
      '/ocpp/a//',
      '/ocpp/.',
      '/ocpp/..',
      '/ocpp/%2e%2E',
      '/ocpp/a%2Fb',
      '/ocpp/a%2fb',
      '/ocpp/..%2F..%2Fetc',
      '/ocpp/a%5Cb',
      '/ocpp/a\b',
      '/ocpp/%00',
      '/ocpp/a%0d%0aX: y',
      '/ocpp/%0A',
      '/ocpp/%7F',
      '/ocpp/%C2%85',
      '/ocpp/%',
      '/ocpp/%zz',
      '/ocpp/%4',
      '/ocpp/%%34%31',
      '/ocpp/%ff',
      '/ocpp/%C3',
      '/ocpp/%C0%AF',
      '/ocpp/%ED%A0%80',
      '/ocpp/%F5%80%80%80',
      '/ocpp/Ã¶',
      '/ocpp/a b',
      `/${'x/'.repeat(8000)}`,
      '/ocpp%2Fa',
    ];
    should(routed(['/ocpp/:station'], hostile)).eql({ '/ocpp/:station': [] });
  });

  it('takes only whole segments for parameters', () => {
    should(
      routed(['/a:b', '/c/:', '/d/:1', '/e/x:y/f'], ['/a:b', '/aXb', '/c/:', '/c/x', '/d/:1', '/d/x']),
    ).eql({
      '/a:b': ['/a:b'],
      '/c/:': ['/c/:'],
      '/d/:1': ['/d/:1'],
      '/e/x:y/f': [],
    });
  });

  it('finds one of a thousand patterns, twenty thousand times', () => {
    const paths = Array.from({ length: 1000 }, (_, index) => `/p${index}/:x/:y/z`);
    const targets = Array.from({ length: 20_000 }, () => '/p999/a/b/z');
    routed(paths, targets)['/p999/:x/:y/z']?.length.should.equal(20_000);
  });

  it('answers for a pattern whose owner is being made anew, and gives it back to it', () => {
    const [owner, rival] = [new Recorder('a', '/:x'), new Recorder('b', '/:y')];
    for (const one of [owner, rival]) router.claim(one);
    router.settle(NONE);
    router.release(owner);
    upgrade(server, '/q');
    should(rival.targets).eql([]);
    const again = new Recorder('a', '/:z');
    router.claim(again);
    upgrade(server, '/q');
    should(again.params).eql([{ z: 'q' }]);
  });

  it('has a router of its own for each server', () => {
    should(UpgradeRouter.of(newServer())).not.equal(router);
    should(UpgradeRouter.of(server)).equal(router);
  });
});
