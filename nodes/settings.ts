import type { NodeAPI } from 'node-red';
import type { Middleware } from '../src/handshake/middleware.js';
import type { VerifyClient } from '../src/handshake/verify-client.js';
import type { VerifyFunctions } from '../src/handshake/verify-function.js';
import type { KeysFunctions } from '../src/keys/keys-function.js';
import type { RuntimeSettings } from '../src/listener/open-listener.js';
import type { ProxySettings } from '../src/proxy/proxy.js';
import { DEFAULT_MAX_TOKEN_BYTES } from '../src/token/form.js';
import { sessionIds } from './session-ids.js';

type Settings = Readonly<Record<string, unknown>>;

/**
 * Reads what settings.js says of listeners: `websocketPlusListener`, where what is not a positive number takes its default,
 * `webSocketNodeVerifyClient`, the user's own check, which the built-in nodes ask too, the functions of `websocketPlusVerify`,
 * and the proxies that keys come through.
 */
export function listenerSettings(RED: NodeAPI): Omit<RuntimeSettings, 'revocationStore' | 'observer'> {
  const settings = settingsOf(RED);
  const own = Object(settings.websocketPlusListener) as Settings;
  const verifyClient = settings.webSocketNodeVerifyClient;
  return {
    sessionIds,
    // whatever is set is asked: calling what is not a function fails, and a failed check refuses
    ...(verifyClient ? { verifyClient: verifyClient as VerifyClient } : {}),
    pingIntervalMs: positive(own.pingInterval, 25_000), // many a proxy cuts an idle connection at 30 s
    maxBufferedBytes: positive(own.maxBufferedBytes, 16 * 1024 * 1024),
    maxTokenBytes: positive(own.maxTokenBytes, DEFAULT_MAX_TOKEN_BYTES),
    handshakeTimeoutMs: positive(own.handshakeTimeout, 4500), // Node-RED itself hangs up after 5 s
    authTimeoutMs: positive(own.authTimeout, 10_000),
    expiryWarningMs: own.expiryWarning === 0 ? 0 : positive(own.expiryWarning, 60_000),
    trustProxy: trustedProxies(RED),
    middleware: own.middleware ? ([own.middleware].flat() as Middleware[]) : [],
    keyRoute: { proxy: proxySettings(RED) },
    verifyFunctions: Object(settings.websocketPlusVerify) as VerifyFunctions,
  };
}

/** `websocketPlusListener.trustProxy`: proxies in front of the server; what is no whole number means none. */
export function trustedProxies(RED: NodeAPI): number {
  const { trustProxy } = Object(settingsOf(RED).websocketPlusListener) as Settings;
  return Number.isSafeInteger(trustProxy) ? positive(trustProxy, 0) : 0;
}

/**
 * `websocketPlusListener.liveView`: how much the editor may show of connections; `counts` leaves out whose they are, and what is
 * neither true, false nor `counts` shows nothing.
 */
export function liveDetail(RED: NodeAPI): 'all' | 'counts' | 'off' {
  const { liveView = true } = Object(settingsOf(RED).websocketPlusListener) as Settings;
  if (liveView === true) return 'all';
  return liveView === 'counts' ? 'counts' : 'off';
}

/** `websocketPlusKeys`: functions that find the keys of issuers, by name. */
export function keysFunctions(RED: NodeAPI): KeysFunctions {
  return Object(settingsOf(RED).websocketPlusKeys) as KeysFunctions;
}

/** `httpNodeRoot`; the runtime's HTTP nodes being switched off (`false`) leaves the root, as in 22-websocket.js. */
export function httpNodeRoot(RED: NodeAPI): string {
  const root = settingsOf(RED).httpNodeRoot;
  return typeof root === 'string' && root !== '' ? root : '/';
}

/** The path of the editor's own WebSocket (editor-api/lib/editor/comms.js); undefined where there is no editor. */
export function commsPath(RED: NodeAPI): string | undefined {
  const { httpAdminRoot, disableEditor } = settingsOf(RED);
  if (disableEditor === true || httpAdminRoot === false) return undefined;
  const root = typeof httpAdminRoot === 'string' ? httpAdminRoot : '/';
  return `${root.startsWith('/') ? '' : '/'}${root}${root.endsWith('/') ? '' : '/'}comms`;
}

/** Whether flows may not see an environment variable (`envVarExcludes`). */
export function isExcludedVariable(RED: NodeAPI, name: string): boolean {
  const { envVarExcludes } = settingsOf(RED);
  return Array.isArray(envVarExcludes) && envVarExcludes.includes(name);
}

/** `proxyOptions`: the proxies of clients and of fetches of keys. */
export function proxySettings(RED: NodeAPI): ProxySettings {
  return Object(settingsOf(RED).proxyOptions) as ProxySettings;
}

/** @types/node-red does not know that nodes see all of settings.js. */
function settingsOf(RED: NodeAPI): Settings {
  return RED.settings as unknown as Settings;
}

function positive(value: unknown, absent: number): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : absent;
}
