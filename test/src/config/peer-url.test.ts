import should from 'should';

import { urlProblem } from '../../../src/config/peer-url.js';

describe('urlProblem', () => {
  it('accepts ws: and wss: with a query', () => {
    should(urlProblem('ws://127.0.0.1:1880/ws', true)).equal(undefined);
    should(urlProblem('wss://example.com/ws?room=1', true)).equal(undefined);
  });

  it('asks for a URL where there is none', () => should(urlProblem(' ', false)).equal('url-missing'));

  for (const url of ['example.com/ws', 'https://example.com/ws', 'ws://', 'ws://example.com/ws#top']) {
    it(`refuses ${url}`, () => should(urlProblem(url, false)).equal('url-invalid'));
  }

  it('refuses a token in the query only where the client adds its own', () => {
    should(urlProblem('ws://example.com/?token=a', true)).equal('url-has-token');
    should(urlProblem('ws://example.com/?token=', true)).equal('url-has-token');
    should(urlProblem('ws://example.com/?token=a', false)).equal(undefined);
  });
});
