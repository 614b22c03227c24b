import { EVENTS } from '../../../src/config/event-options.js';
import { type ClusterSpec, isOurs, LISTENER, PATH, type PeerSpec, type Task } from './peer-spec.js';

type FlowNode = Readonly<Record<string, unknown>>;

/** What a Node-RED reads at its start. */
export interface FlowFiles {
  readonly flow: readonly FlowNode[];
  readonly credentials: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const CLUSTER = 'cluster';
const BROKER = 'broker';
const SCOPE = { echo: 'session', broadcast: 'global', tenant: 'tenant' } as const satisfies Record<
  Task,
  string
>;

/** The flow of a task: from the in node straight to the out node; to everybody through a node that drops the session. */
export function flowFiles({ name, task, keys, cluster }: PeerSpec): FlowFiles {
  const ours = isOurs(name);
  const types = ours ? ['websocket-plus in', 'websocket-plus out'] : ['websocket in', 'websocket out'];
  const [inType, outType] = types;
  const attached = { z: 'tab', server: LISTENER, client: '' };
  const drop = { t: 'delete', p: '_session', pt: 'msg' };
  const listener = ours ? ourListener(task, keys) : { type: 'websocket-listener', wholemsg: 'false' };
  const hmac = ours && keys.algorithm === 'HS256';
  return {
    flow: [
      { id: 'tab', type: 'tab', label: task },
      { id: LISTENER, path: PATH, ...listener, ...(cluster === undefined ? {} : { cluster: CLUSTER }) },
      ...(cluster === undefined ? [] : clusterNodes(cluster)),
      { id: 'in', type: inType, ...attached, wires: [[task === 'broadcast' ? 'drop' : 'out']] },
      ...(task === 'broadcast'
        ? [{ id: 'drop', type: 'change', z: 'tab', rules: [drop], wires: [['out']] }]
        : []),
      { id: 'out', type: outType, ...attached, wires: [] },
      ...(name === 'ours+operated' ? operatedBy(attached) : []),
    ],
    credentials: {
      ...(hmac ? { [LISTENER]: { jwtSecret: keys.secret } } : {}),
      ...(cluster === undefined ? {} : { [CLUSTER]: { secret: cluster.secret } }),
    },
  };
}

/** Whatever happens, the flow hears of it and has the connections counted. */
function operatedBy(attached: FlowNode): readonly FlowNode[] {
  return [
    { id: 'event', type: 'websocket-plus event', ...attached, events: EVENTS, wires: [['all']] },
    // a selector that is empty means everybody
    {
      id: 'all',
      type: 'change',
      z: 'tab',
      rules: [{ t: 'delete', p: 'payload', pt: 'msg' }],
      wires: [['control']],
    },
    { id: 'control', type: 'websocket-plus control', ...attached, action: 'count', wires: [[]] },
  ];
}

function clusterNodes({ port }: ClusterSpec): readonly FlowNode[] {
  return [
    { id: BROKER, type: 'mqtt-broker', broker: '127.0.0.1', port: String(port), protocolVersion: '5' },
    { id: CLUSTER, type: 'websocket-plus-cluster', broker: BROKER, prefix: 'wsp' },
  ];
}

function ourListener(task: Task, { algorithm, jwksUri }: PeerSpec['keys']): FlowNode {
  const validation = algorithm === 'HS256' ? { jwtValidation: 'hs256' } : { jwtValidation: 'jwks', jwksUri };
  return { type: 'websocket-plus-listener', wholemsg: 'false', routingScope: SCOPE[task], ...validation };
}
