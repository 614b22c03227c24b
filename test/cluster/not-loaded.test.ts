import should from 'should';
import { CLUSTER_SECRET } from '../support/cluster/instance.js';
import { freePort } from '../support/cluster/mosquitto.js';
import { SocketClient } from '../support/core/socket-client.js';
import { SECRET, token } from '../support/core/tokens.js';
import { type FlowNode, nodeRedAtHand, nodeRedUnderTest } from '../support/package/node-red-process.js';
import { preparedNodeRed } from '../support/package/prepared-node-red.js';

/** Lets nobody in once the MQTT client of this package is loaded; Node-RED has one of its own. */
const CHECK = `(info, callback) => {
  const isOurs = (path) => path.includes('/user/node_modules/') && path.includes('/node_modules/mqtt/build/');
  callback(!Object.keys(require('node:module')._cache).some(isOurs));
}`;

function flows(cluster: readonly FlowNode[]): FlowNode[] {
  return [
    { id: 'f', type: 'tab', label: 'Flow' },
    ...cluster,
    { id: 'l', type: 'websocket-plus-listener', path: '/ws' },
    { id: 'o', type: 'websocket-plus out', z: 'f', x: 1, y: 1, server: 'l', wires: [] },
  ];
}

for (const version of [nodeRedAtHand(), nodeRedUnderTest()]) {
  describe(`Node-RED ${version.version} without a cluster`, function () {
    this.timeout(240_000); // Node-RED fetches the dependencies

    it('does not load the MQTT client, and with one it does', async () => {
      const broker: FlowNode = {
        id: 'b',
        type: 'mqtt-broker',
        broker: '127.0.0.1',
        port: `${await freePort()}`,
      };
      const cluster = { id: 'k', type: 'websocket-plus-cluster', broker: 'b', prefix: 'wsp' };
      const credentials = { l: { jwtSecret: SECRET }, k: { secret: CLUSTER_SECRET } };
      for (const [nodes, isLetIn] of [
        [[broker], true],
        [[broker, cluster], false],
      ] as const) {
        const { nodeRed, stop } = await preparedNodeRed(version, {
          flows: flows(nodes),
          credentials,
          verifyClient: CHECK,
        });
        if (!isLetIn) await nodeRed.logged(/other instances of the cluster cannot be reached/);
        const url = `${nodeRed.url.replace('http', 'ws')}/ws?token=${token()}`;
        if (isLetIn) await (await SocketClient.open(url)).close();
        else should((await SocketClient.refused(url)).status).equal(401);
        await stop();
      }
    });
  });
}
