import { randomBytes } from 'node:crypto';
import should from 'should';
import { Broker } from '../support/cluster/broker.js';
import { until } from '../support/cluster/until.js';
import { SocketClient } from '../support/core/socket-client.js';
import { socketUrl } from '../support/package/chat.js';
import { example, withVariables } from '../support/package/examples.js';
import { type FlowNode, nodeRedAtHand, nodeRedUnderTest } from '../support/package/node-red-process.js';
import { type Prepared, preparedNodeRed } from '../support/package/prepared-node-red.js';

const SECRET = randomBytes(32).toString('base64');

/** The broker here knows no MQTT 5; and what is sent each minute would come in between. */
const OTHERWISE: Readonly<Record<string, object>> = {
  'mqtt-broker': { protocolVersion: '4' },
  inject: { repeat: '' },
};

/** Example 11 after its steps, as a flow file and its credentials. */
function prepared(broker: Broker, instance: string) {
  const values = { CLUSTER_BROKER: broker.settings.url, INSTANCE: instance };
  const flows = withVariables(example('11'), values).map(
    ({ credentials, ...node }): FlowNode => ({ ...(node as FlowNode), ...OTHERWISE[node.type] }),
  );
  const idOf = (type: string) => flows.find((node) => node.type === type)?.id ?? '';
  const credentials = {
    [idOf('tab')]: { CLUSTER_SECRET: SECRET },
    [idOf('websocket-plus-cluster')]: { secret: '$'.concat('{CLUSTER_SECRET}') },
  };
  return { flows, credentials };
}

describe(`example 11 on Node-RED ${nodeRedUnderTest().version} and ${nodeRedAtHand().version}`, function () {
  this.timeout(240_000); // Node-RED fetches the dependencies

  let broker: Broker;
  let a: Prepared;
  let b: Prepared;

  before(async () => {
    broker = await Broker.start();
    a = await preparedNodeRed(nodeRedUnderTest(), prepared(broker, 'A'));
    b = await preparedNodeRed(nodeRedAtHand(), prepared(broker, 'B'));
  });
  after(async () => {
    await a?.stop();
    await b?.stop();
    await broker.stop();
  });

  it('serves a page', async () => {
    const response = await a.nodeRed.request('/many');
    should(response.status).equal(200);
    should(await response.text()).containEql('ws/many');
  });

  it('what one peer says reaches the peers of both, and what an instance says by itself its own', async () => {
    await until(() =>
      [...broker.subscribed.entries()].some(([topic, count]) => topic.endsWith('/hb') && count === 2),
    );
    const ann = await SocketClient.open(socketUrl(a.nodeRed, '/ws/many'));
    const bob = await SocketClient.open(socketUrl(b.nodeRed, '/ws/many'));
    ann.send('hello');
    for (const peer of [ann, bob]) should(await peer.nextText()).equal('A: hello');
    const inject = example('11').find(({ type }) => type === 'inject');
    should((await b.nodeRed.post(`/inject/${inject?.id}`, {})).status).equal(200);
    should(await bob.nextText()).startWith('B: it is ');
    bob.send('and good-bye');
    for (const peer of [ann, bob]) should(await peer.nextText()).equal('B: and good-bye');
    await ann.close();
    await bob.close();
  });

  it('the secret is in no log, and no name on the broker', async () => {
    for (const { nodeRed } of [a, b]) should(nodeRed.log).not.containEql(SECRET);
    const all = Buffer.concat(broker.passed.flatMap(({ topic, payload }) => [Buffer.from(topic), payload]));
    for (const text of ['hello', 'everybody', '/ws/many']) should(all.includes(text)).equal(false, text);
  });
});
