import { setTimeout as wait } from 'node:timers/promises';
import { TlsFront } from '../support/client/tls-front.js';
import { Authority } from '../support/core/certificates.js';
import { Tinyproxy } from '../support/core/tinyproxy.js';
import { type LinkedNodeRed, linkedNodeRed } from '../support/package/linked-node-red.js';
import { BACKEND_SECRET, OidcServer } from '../support/provider/oidc-server.js';
import { signingKey } from '../support/provider/signing-key.js';
import { clientFlow, type Seen, serverFlow } from './flows.js';

export interface StayOptions {
  readonly placement: 'header' | 'message';
  /** How long tokens live, in seconds. */
  readonly lifeSeconds: number;
  /** So many tokens are to be used up. */
  readonly tokens: number;
  /** And so much time, in milliseconds: a listener may ask for newer tokens earlier than the client would. */
  readonly leastMs?: number;
  /** Told now and then. */
  readonly progress?: (tokens: number) => void;
}

/** What came of it. */
export interface Stay {
  readonly listener: Seen;
  readonly client: Seen;
  /** Tokens that were asked for. */
  readonly tokens: number;
  /** What went through the proxy, in its words. */
  readonly proxyLog: string;
  /** What the client's Node-RED wrote, at level trace. */
  readonly log: string;
}

const PROXY = { user: 'me', password: 'proxy-secret' };

/**
 * A client in one Node-RED talks to a listener in another for many lives of a token: numbers both ways, with tokens of a real
 * provider that is asked through a real proxy. Undefined where there is no such proxy on this machine.
 */
export async function stayLoggedIn(options: StayOptions): Promise<Stay | undefined> {
  const proxy = await Tinyproxy.start(PROXY.user, PROXY.password);
  if (proxy === undefined) return undefined;
  const ending: (() => Promise<void>)[] = [() => proxy.stop()];
  try {
    const authority = new Authority();
    const provider = await OidcServer.start({ keys: [await signingKey('rsa')] });
    ending.push(() => provider.stop());
    provider.lifetimeSeconds = options.lifeSeconds;
    const port = Number(new URL(provider.issuer).port);
    const front = await TlsFront.start(authority.issue('login', ['127.0.0.1']), port);
    ending.push(() => front.stop());
    const server = await linkedNodeRed({ flow: serverFlow(provider.issuer, options.placement) });
    ending.push(() => server.stop());
    const address = `http://${PROXY.user}:${PROXY.password}@127.0.0.1:${proxy.port}`;
    const url = `${server.nodeRed.url.replace('http', 'ws')}/ws`;
    const client = await linkedNodeRed({
      flow: clientFlow(url, `${front.origin}/token`, options.placement),
      credentials: {
        client: { clientId: 'acme', clientSecret: BACKEND_SECRET },
        trust: { cadata: authority.cert },
      },
      settings: { proxyOptions: { http_proxy: address, https_proxy: address, no_proxy: 'none.invalid' } },
    });
    ending.push(() => client.stop());
    const { leastMs = 0 } = options;
    const startedMs = performance.now();
    let tokens = 0;
    while (tokens < options.tokens || performance.now() - startedMs < leastMs) {
      if ((await provider.asked.next()) !== '/token') continue;
      tokens += 1;
      options.progress?.(tokens);
    }
    await wait((options.lifeSeconds * 1000) / 5); // what the last token was for
    const [listenerSeen, clientSeen] = await Promise.all([seenBy(server), seenBy(client)]);
    return {
      listener: listenerSeen,
      client: clientSeen,
      tokens,
      proxyLog: proxy.log,
      log: client.nodeRed.log,
    };
  } finally {
    for (const end of ending.reverse()) await end();
  }
}

async function seenBy({ nodeRed }: LinkedNodeRed): Promise<Seen> {
  return (await nodeRed.json('/seen')) as Seen; // what the flow answers
}
