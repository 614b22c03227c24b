import type { NodeAPI } from 'node-red';
import should from 'should';
import { listenerSettings } from '../../nodes/settings.js';

describe('nodes/settings', () => {
  function pingIntervalMs(websocketPlusListener: unknown): number {
    // of all the runtime's API only the settings are read
    return listenerSettings({ settings: { websocketPlusListener } } as unknown as NodeAPI).pingIntervalMs;
  }

  it('has peers pinged every 25 s, unless settings.js says otherwise', () => {
    should(pingIntervalMs(undefined)).equal(25_000);
    should(pingIntervalMs({})).equal(25_000);
    should(pingIntervalMs({ pingInterval: 40_000 })).equal(40_000);
    for (const pingInterval of [0, -1, '10', Number.NaN, Number.POSITIVE_INFINITY])
      should(pingIntervalMs({ pingInterval })).equal(25_000);
  });

  function read(websocketPlusListener: unknown) {
    return listenerSettings({ settings: { websocketPlusListener } } as unknown as NodeAPI);
  }

  it('trusts as many proxies as settings.js says, and none for what is no whole number', () => {
    should(read({ trustProxy: 2 }).trustProxy).equal(2);
    for (const trustProxy of [undefined, true, '1', -1, 1.5, Number.POSITIVE_INFINITY])
      should(read({ trustProxy }).trustProxy).equal(0);
  });

  it('takes one middleware or several, and whatever else is set, to be asked and fail', () => {
    const one = () => {};
    should(read({ middleware: one }).middleware).eql([one]);
    should(read({ middleware: [one, one] }).middleware).eql([one, one]);
    should(read({ middleware: 'evil' }).middleware).eql(['evil']);
    should(read({}).middleware).eql([]);
  });

  it('waits 10 s for a token in a message and warns 60 s before one expires, or not at all', () => {
    should(read({})).match({ authTimeoutMs: 10_000, expiryWarningMs: 60_000 });
    should(read({ authTimeout: 5, expiryWarning: 7 })).match({ authTimeoutMs: 5, expiryWarningMs: 7 });
    should(read({ authTimeout: 0, expiryWarning: 0 })).match({ authTimeoutMs: 10_000, expiryWarningMs: 0 });
    should(read({ expiryWarning: -1 }).expiryWarningMs).equal(60_000);
  });
});
