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

/** What the flow has been told of connections. */
export interface Booked {
  readonly connects: number;
  readonly disconnects: number;
  /** Events that came twice, and messages and ends of connections that were not announced. */
  readonly faults: number;
}

/** Books events and messages in the order in which they come. It survives deploys in the global context. */
export const BOOK = `
const book = global.get('book') ?? { connects: 0, disconnects: 0, faults: 0, open: {} };
const { id } = msg._session;
const isOpen = book.open[id] === true;
if (msg.event === 'connect') book.connects += 1;
if (msg.event === 'disconnect') book.disconnects += 1;
if (isOpen === (msg.event === 'connect')) book.faults += 1;
if (msg.event === 'disconnect') delete book.open[id];
else book.open[id] = true;
global.set('book', book);`;

const BOOKED = `
const { connects = 0, disconnects = 0, faults = 0 } = global.get('book') ?? {};
msg.payload = { connects, disconnects, faults };
return msg;`;

/** A flow that tells what is booked, at `/booked`. */
export function bookedFlow(): FlowNode[] {
  const on = { z: 'booked', x: 1, y: 1 };
  return [
    { id: 'booked', type: 'tab', label: 'Booked' },
    { ...on, id: 'ask', type: 'http in', url: '/booked', method: 'get', wires: [['tell']] },
    { ...on, id: 'tell', type: 'function', func: BOOKED, outputs: 1, wires: [['told']] },
    { ...on, id: 'told', type: 'http response', wires: [] },
  ];
}

/** Two listeners: one that takes its tokens from a key set and passes on what is said to the tenant, and one with limits. */
export function drillFlows(jwksUri: string, { traffic, unrelated }: Revision): FlowNode[] {
  const on = { z: 'traffic', x: 1, y: 1 };
  return [
    ...bookedFlow(),
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
    {
      ...on,
      id: 'in',
      type: 'websocket-plus in',
      server: 'main',
      name: `in ${traffic}`,
      wires: [['pass', 'book']],
    },
    {
      ...on,
      id: 'events',
      type: 'websocket-plus event',
      server: 'main',
      name: `e ${traffic}`,
      wires: [['book']],
    },
    { ...on, id: 'book', type: 'function', func: `${BOOK} // ${traffic}`, outputs: 0, wires: [] },
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
