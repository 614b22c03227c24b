import should from 'should';
import type { Target } from '../../../src/client/open-socket.js';
import { placeToken } from '../../../src/client/place-token.js';

const TARGET: Target = {
  url: 'ws://h/x',
  subprotocols: [],
  headers: { 'X-Key': 'v' },
  tls: {},
  proxy: undefined,
  login: { kind: 'none' },
};

describe('src/client/place-token', () => {
  it("appends it to the URL and leaves the URL's own query as it is spelt", () => {
    const url = (text: string) => placeToken({ ...TARGET, url: new URL(text).href }, 'query', 'a.b.c').url;
    should(url('ws://h')).equal('ws://h/?token=a.b.c');
    should(url('ws://h/?')).equal('ws://h/?token=a.b.c');
    should(url('ws://h/x?a=%20+%C3%A9;b&&c=/?')).equal('ws://h/x?a=%20+%C3%A9;b&&c=/?&token=a.b.c');
    should(url('WSS://H/x')).equal('wss://h/x?token=a.b.c');
  });

  it('encodes it there so that it arrives as it was, whatever it holds', () => {
    for (const token of ['a&b=c#d?e/f+g h%20', 'é✓𝕏', '%', '"<>\\^`{|}', "it's~*()!"]) {
      const { url } = placeToken({ ...TARGET, url: 'ws://h/?q=1' }, 'query', token);
      should(new URL(url).searchParams.get('token')).equal(token);
      should(decodeURIComponent(/&token=(.*)$/.exec(url)?.[1] ?? '')).equal(token);
    }
    should(placeToken(TARGET, 'query', 'x\ud800').url).equal('ws://h/x?token=x%EF%BF%BD');
  });

  it('puts it into the header Authorization beside other headers', () => {
    should(placeToken(TARGET, 'header', 'a.b.c')).eql({
      ...TARGET,
      headers: { 'X-Key': 'v', Authorization: 'Bearer a.b.c' },
    });
  });

  it('offers it as a subprotocol behind the others, of which there is one at least', () => {
    should(placeToken(TARGET, 'protocol', 'a.b.c').subprotocols).eql(['websocket-plus', 'bearer.a.b.c']);
    const offering = { ...TARGET, subprotocols: ['mqtt', 'chat'] };
    should(placeToken(offering, 'protocol', 'a.b.c').subprotocols).eql(['mqtt', 'chat', 'bearer.a.b.c']);
  });

  it('leaves it for the first message', () => {
    should(placeToken(TARGET, 'message', 'a b')).eql({ ...TARGET, login: { kind: 'message', token: 'a b' } });
  });

  it('refuses what cannot stand there, and does not say what that is', () => {
    for (const [placement, token] of [
      ['header', 'a\r\nX: b'],
      ['header', 'a b'],
      ['protocol', 'a/b'],
      ['protocol', 'a,b'],
    ] as const) {
      should(() => placeToken(TARGET, placement, token)).throw({
        reason: 'token unusable',
        message: 'token unusable',
      });
    }
  });
});
