import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import RED from 'node-red';
import { meter } from '../harness/meter.js';
import { serve } from '../harness/rpc.js';
import { flowFiles } from './flows.js';
import { NO_PINGS_MS, type PeerService, type PeerSpec } from './peer-spec.js';

/** dist/test/bench/peers, seen from the package. */
const PACKAGE = join(__dirname, '..', '..', '..', '..');

/** A whole Node-RED, with the built-in nodes or with ours in its flow. */
async function start(spec: PeerSpec): Promise<number> {
  const userDir = mkdtempSync(join(tmpdir(), 'websocket-plus-bench-'));
  process.on('exit', () => rmSync(userDir, { recursive: true, force: true }));
  const { flow, credentials } = flowFiles(spec);
  writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flow));
  writeFileSync(join(userDir, 'flows_cred.json'), JSON.stringify(credentials));
  const scope = join(userDir, 'node_modules', '@inteli.city');
  mkdirSync(scope, { recursive: true });
  symlinkSync(spec.packageFolder ?? PACKAGE, join(scope, 'node-red-contrib-websocket-plus'));
  const server = createServer();
  const settings = {
    userDir,
    flowFile: 'flows.json',
    credentialSecret: false,
    logging: { console: { level: 'error', metrics: false, audit: false } },
    telemetry: { enabled: false, updateNotification: false },
    externalModules: { autoInstall: false },
    websocketPlusListener: { pingInterval: NO_PINGS_MS },
  };
  RED.init(server, settings as unknown as Parameters<typeof RED.init>[1]); // the types want paths that have defaults
  const started = once(RED.events, 'flows:started');
  await RED.start();
  await started;
  server.on('request', RED.httpAdmin);
  server.listen(0, '127.0.0.1', 4096);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

serve<PeerService>({ ...meter, start });
