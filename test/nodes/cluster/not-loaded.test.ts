import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import should from 'should';

const DIST = resolve(__dirname, '../../..');

/** Loads the nodes, serves a listener, connects, sends and closes; then again with a cluster. Prints whether mqtt is loaded. */
const SCRIPT = `
  require(${JSON.stringify(`${DIST}/nodes/websocket-plus.js`)});
  const { ListenerServer } = require(${JSON.stringify(`${DIST}/test/support/core/listener-server.js`)});
  const isLoaded = () => Object.keys(require.cache).some((path) => path.includes('/node_modules/mqtt/'));
  (async () => {
    const server = await ListenerServer.start({ properties: { jwtValidation: 'none' } });
    await server.send({ payload: 'x' });
    await server.stop();
    const without = isLoaded();
    const { MqttTransport } = require(${JSON.stringify(`${DIST}/src/cluster/mqtt-transport.js`)});
    const events = { connected() {}, changed() { done(); }, message() {} };
    const transport = new MqttTransport({ url: 'mqtt://127.0.0.1:1', options: {} }, [], events);
    async function done() {
      console.log(JSON.stringify({ without, with: isLoaded() }));
      await transport.close();
    }
  })();
`;

describe('without a cluster', () => {
  it('the MQTT client is not loaded', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', SCRIPT], { cwd: DIST });
    should(JSON.parse(stdout)).eql({ without: false, with: true });
  });
});
