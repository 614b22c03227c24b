import type { FlowNode } from '../support/package/node-red-process.js';

/** What each deploy of the drill may change. */
export interface Revision {
  /** Of the tab that the messages go through. */
  readonly traffic: number;
  /** Of a tab that has nothing to do with them. */
  readonly unrelated: number;
}

/** The largest flood that the limited listener lets through, in messages per second. */
export const LIMITED_RATE = 20;
export const LIMITED_CONNECTIONS = 3;

/** Two listeners: one that takes its tokens from a key set and passes on what is said to the tenant, and one with limits. */
export function drillFlows(jwksUri: string, { traffic, unrelated }: Revision): FlowNode[] {
  const on = { z: 'traffic', x: 1, y: 1 };
  return [
    { id: 'traffic', type: 'tab', label: 'Traffic' },
    { id: 'unrelated', type: 'tab', label: 'Unrelated' },
    { id: 'main', type: 'websocket-plus-listener', path: '/main', jwtValidation: 'jwks', jwksUri },
    {
      id: 'limited',
      type: 'websocket-plus-listener',
      path: '/limited',
      enforceLimits: true,
      rateLimit: String(LIMITED_RATE),
      maxConnections: String(LIMITED_CONNECTIONS),
    },
    { ...on, id: 'in', type: 'websocket-plus in', server: 'main', name: `in ${traffic}`, wires: [['pass']] },
    { ...on, id: 'pass', type: 'function', func: `return msg; // ${traffic}`, outputs: 1, wires: [['out']] },
    { ...on, id: 'out', type: 'websocket-plus out', server: 'main', name: `out ${traffic}`, wires: [] },
    { ...on, id: 'limited in', type: 'websocket-plus in', server: 'limited', wires: [['limited out']] },
    { ...on, id: 'limited out', type: 'websocket-plus out', server: 'limited', wires: [] },
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
