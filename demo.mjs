// `npm start`: Node-RED with this package and example 02, deployed, and with a secret that nobody has seen.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import RED from 'node-red';

const HOST = '127.0.0.1'; // the editor has no login here: for this machine only
const EXAMPLE = '02 - chat between tenants.json';

const root = dirname(fileURLToPath(import.meta.url));
const server = createServer();
const port = await listen(process.env.PORT);
const userDir = join(root, '.demo', String(port)); // another demo may be running at another port
rmSync(userDir, { recursive: true, force: true });

RED.init(server, {
  userDir,
  nodesDir: root,
  uiHost: HOST,
  uiPort: port,
  httpAdminRoot: '/',
  httpNodeRoot: '/',
  flowFile: 'flows.json',
  credentialSecret: randomBytes(32).toString('hex'),
  logging: { console: { level: 'error', metrics: false, audit: false } },
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false },
});
RED.httpAdmin.use(RED.httpNode);
server.on('request', RED.httpAdmin);

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);

let started = once(RED.events, 'flows:started');
await RED.start();
await started;
started = once(RED.events, 'flows:started');
await RED.runtime.flows.setFlows({ flows: { flows: example() }, deploymentType: 'full' });
await started;

console.log(`
  Chat page   http://${HOST}:${port}/chat
  Editor      http://${HOST}:${port}/

  Open the chat page in two browser tabs and sign in to two tenants.
  Every start is a fresh one: export from the editor what you want to keep. Ctrl-C stops.
`);

/** The example, after the one step that it asks of its user. */
function example() {
  const nodes = JSON.parse(readFileSync(join(root, 'examples', EXAMPLE), 'utf8'));
  const tab = nodes.find(({ type }) => type === 'tab');
  tab.credentials = { CHAT_SECRET: randomBytes(32).toString('hex') };
  return nodes;
}

/** Takes `wanted`, or the first free port from Node-RED's own one on. */
async function listen(wanted) {
  const first = Number(wanted || 1880);
  const last = wanted ? first : first + 20;
  for (let port = first; ; port += 1) {
    try {
      server.listen(port, HOST);
      await once(server, 'listening');
      return server.address().port;
    } catch (error) {
      if (error.code === 'EADDRINUSE' && port < last) continue;
      console.error(
        `Port ${wanted || port} cannot be used (${error.code}). Choose another: PORT=8080 npm start`,
      );
      process.exit(1);
    }
  }
}

async function stop() {
  await RED.stop();
  process.exit();
}
