import should from 'should';
import { fullPath, parameterNames, pathProblem, pathShape, requestPath } from '../../../src/config/path.js';

describe('src/config/path', () => {
  it('says what is wrong with a path', () => {
    for (const path of [
      '/ws',
      'ws',
      'ws/a/b',
      '/ws/grüße',
      '/debug/wsx'.slice(0, 6),
      '/ws-1_~.x',
      '/a%20b',
    ]) {
      should(pathProblem(path)).equal(undefined, path);
    }
    for (const path of ['', '/', ' ', '/ ']) should(pathProblem(path)).equal('path-missing', path);
    for (const path of ['/debug/ws', 'debug/ws', '/debug/ws/x', '/%64ebug/w%73'])
      should(pathProblem(path)).equal('path-reserved', path);
    for (const path of ['/ws?x', '/ws#x', '/a b', '/a\nb', '/a\u0000', '/a\\b', '/\ud800', '/:a/:b/:a']) {
      should(pathProblem(path)).equal('path-syntax', path);
    }
  });

  it('joins a path to the HTTP root with one slash', () => {
    should(fullPath('/', '/ws')).equal('/ws');
    should(fullPath('/', 'ws')).equal('/ws');
    should(fullPath('/root', 'ws')).equal('/root/ws');
    should(fullPath('/root/', '/ws')).equal('/root/ws');
  });

  it('knows parameters by their segments', () => {
    for (const [path, names, shape] of [
      ['/ocpp/:station', ['station'], '/ocpp/{}'],
      ['/:a/x/:b-c/', ['a', 'b-c'], '/{}/x/{}/'],
      ['/a:b/:/:1/%3Ax/::y', [], '/a:b/:/:1/%3Ax/::y'],
    ] as const) {
      should(parameterNames(path)).eql(names);
      should(pathShape(path)).equal(shape);
    }
  });

  it('spells a path as it comes in a request line', () => {
    should(requestPath('/ws/grüße')).equal('/ws/gr%C3%BC%C3%9Fe');
    should(requestPath('/a%20b')).equal('/a%20b');
    should(requestPath('/100%')).equal('/100%25');
    should(requestPath('/%c3%b6/%41%7e%2d%2f%3Ax')).equal('/%C3%B6/A~-%2F%3Ax');
    should(requestPath('/%2541')).equal('/%2541');
    should(requestPath('/{}')).equal('/%7B%7D');
    should(requestPath('/\ud800')).equal('/%EF%BF%BD');
  });
});
