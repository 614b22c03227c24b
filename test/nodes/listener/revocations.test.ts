import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import should from 'should';
import { SocketClient } from '../../support/core/socket-client.js';
import { SECRET, token } from '../../support/core/tokens.js';
import { socketUrl } from '../../support/package/chat.js';
import { type LinkedNodeRed, linkedNodeRed } from '../../support/package/linked-node-red.js';

const AT = { z: 'f', x: 1, y: 1 };
const FLOW = [
  { id: 'f', type: 'tab', label: 'Flow' },
  { id: 'l', type: 'websocket-plus-listener', path: '/ws' },
  { ...AT, id: 'ask', type: 'http in', url: '/control', method: 'post', wires: [['action']] },
  { ...AT, id: 'action', type: 'function', func: 'return Object.assign(msg, msg.payload);', wires: [['c']] },
  { ...AT, id: 'c', type: 'websocket-plus control', server: 'l', action: 'msg', wires: [['told']] },
  { ...AT, id: 'told', type: 'http response', wires: [] },
];

describe('nodes/listener: what is revoked, across a restart', function () {
  this.timeout(60_000); // of a whole Node-RED

  let linked: LinkedNodeRed;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'websocket-plus-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  afterEach(() => linked.stop());

  /** With a default context store on disk, as settings.js of many has it. */
  async function start(): Promise<void> {
    const disk = { module: 'localfilesystem', config: { dir: folder } };
    linked = await linkedNodeRed({
      flow: FLOW,
      credentials: { l: { jwtSecret: SECRET } },
      settings: { contextStorage: { default: disk } },
    });
  }

  async function control(action: string, payload: object): Promise<unknown> {
    return (await linked.nodeRed.post('/control', { action, payload })).json();
  }

  it('stays revoked where the default context store is on disk', async () => {
    await start();
    const client = await SocketClient.open(socketUrl(linked.nodeRed, '/ws', token()));
    should(await control('revoke', { subject: 'ann' })).match({ disconnected: 1 });
    should((await client.closed).code).equal(4401);
    await linked.stop();

    await start();
    const { body } = await SocketClient.refused(socketUrl(linked.nodeRed, '/ws', token()));
    should(body).equal('{"error":"token_revoked"}');
    should(await control('restore', { subject: 'ann' })).eql({ restored: 1 });
    await (await SocketClient.open(socketUrl(linked.nodeRed, '/ws', token()))).close();
  });
});
