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
});
