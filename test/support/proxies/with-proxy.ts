import { BehindProxy, type BehindProxyOptions } from './behind-proxy.js';
import type { ProxyKind } from './proxy-kind.js';

/**
 * Inside `describe`: skips it where the proxy is not installed, and stops what its tests have started.
 * @returns starts a proxy with listeners behind it
 */
export function withProxy(kind: ProxyKind): (options?: BehindProxyOptions) => Promise<BehindProxy> {
  const running: BehindProxy[] = [];

  before(async function () {
    const behind = await BehindProxy.start(kind);
    await behind?.stop();
    if (behind !== undefined) return;
    console.log(`    skipped: ${kind.binary} is not installed`);
    this.skip();
  });
  afterEach(async () => {
    for (const behind of running.splice(0)) await behind.stop();
  });

  return async (options) => {
    const behind = await BehindProxy.start(kind, options);
    if (behind === undefined) throw new Error(`${kind.binary} was there a moment ago`);
    running.push(behind);
    return behind;
  };
}
