import { SECRET } from '../../support/core/tokens.js';
import type { FlowNode } from '../../support/package/node-red-process.js';
import { BOOK, bookedFlow } from '../flows.js';
import { TOLD } from './ledger.js';

/** What each deploy of the drill may change. */
export interface Revision {
  /** Of the tab that the messages go through. */
  readonly traffic: number;
  /** Of a tab that has nothing to do with them. */
  readonly unrelated: number;
  /** Of the node that joins the cluster. */
  readonly cluster: number;
}

export const FIRST_REVISION: Revision = { traffic: 0, unrelated: 0, cluster: 0 };

/** Connections of a tenant that `/limited` admits on all instances together. */
export const LIMITED_CONNECTIONS = 3;

/** Of all members: whoever knows it is one. */
const CLUSTER_SECRET = 'a secret of the drill, of more than 32 bytes: 0123456789';

/** By the ids of the nodes below. */
export const CREDENTIALS = { joined: { secret: CLUSTER_SECRET }, limited: { jwtSecret: SECRET } };

/** Tells a speaker, and nobody else, that the others were not reached. */
const TELL = `
msg.payload += '|${TOLD}|' + msg.error.code;
return msg;`;

/** Every instance passes on what is said to the tenant, and tells its speaker where that reaches his own instance only. */
export function clusterFlows(
  jwksUri: string,
  brokerPort: number,
  { traffic, unrelated, cluster }: Revision,
): FlowNode[] {
  const on = { z: 'traffic', x: 1, y: 1 };
  const revised = { ...on, name: `revision ${traffic}` };
  const broker = { broker: '127.0.0.1', port: String(brokerPort), protocolVersion: '5', keepalive: '60' };
  // no id is a value of another property: Node-RED would take that for a reference
  return [
    ...bookedFlow(),
    { id: 'traffic', type: 'tab', label: 'Traffic' },
    { id: 'unrelated', type: 'tab', label: 'Unrelated' },
    { id: 'mosquitto', type: 'mqtt-broker', ...broker },
    {
      id: 'joined',
      type: 'websocket-plus-cluster',
      broker: 'mosquitto',
      prefix: 'wsp',
      name: `revision ${cluster}`,
    },
    {
      id: 'main',
      type: 'websocket-plus-listener',
      path: '/main',
      jwtValidation: 'jwks',
      jwksUri,
      cluster: 'joined',
    },
    {
      id: 'limited',
      type: 'websocket-plus-listener',
      path: '/limited',
      enforceLimits: true,
      maxConnections: String(LIMITED_CONNECTIONS),
      cluster: 'joined',
    },
    { ...revised, id: 'in', type: 'websocket-plus in', server: 'main', wires: [['pass', 'book']] },
    { ...revised, id: 'events', type: 'websocket-plus event', server: 'main', wires: [['book']] },
    { ...on, id: 'book', type: 'function', func: `${BOOK} // ${traffic}`, outputs: 0, wires: [] },
    { ...on, id: 'pass', type: 'function', func: `return msg; // ${traffic}`, outputs: 1, wires: [['out']] },
    { ...revised, id: 'out', type: 'websocket-plus out', server: 'main', wires: [] },
    { ...on, id: 'caught', type: 'catch', scope: ['out'], wires: [['say so']] },
    { ...on, id: 'say so', type: 'function', func: TELL, outputs: 1, wires: [['to speaker']] },
    { ...on, id: 'to speaker', type: 'websocket-plus out', server: 'main', scope: 'session', wires: [] },
    { ...on, id: 'limited in', type: 'websocket-plus in', server: 'limited', wires: [[]] },
    {
      id: 'idle',
      z: 'unrelated',
      x: 1,
      y: 1,
      type: 'function',
      func: `return msg; // ${unrelated}`,
      wires: [[]],
    },
  ];
}
