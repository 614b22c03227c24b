import assert from 'node:assert/strict';
import { urlProblem } from '../../../src/config/peer-url.js';

describe('urlProblem', () => {
  it('accepts ws: and wss: with a query', () => {
    assert.equal(urlProblem('ws://127.0.0.1:1880/ws', true), undefined);
    assert.equal(urlProblem('wss://example.com/ws?room=1', true), undefined);
  });

  it('asks for a URL where there is none', () => assert.equal(urlProblem(' ', false), 'url-missing'));

  for (const url of ['example.com/ws', 'https://example.com/ws', 'ws://', 'ws://example.com/ws#top']) {
    it(`refuses ${url}`, () => assert.equal(urlProblem(url, false), 'url-invalid'));
  }

  it('refuses a token in the query only where the client adds its own', () => {
    assert.equal(urlProblem('ws://example.com/?token=a', true), 'url-has-token');
    assert.equal(urlProblem('ws://example.com/?token=', true), 'url-has-token');
    assert.equal(urlProblem('ws://example.com/?token=a', false), undefined);
  });
});
