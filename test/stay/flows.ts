import type { FlowNode } from '../support/package/node-red-process.js';
import { AUDIENCE } from '../support/provider/oidc-server.js';

/** What each side has seen. */
export interface Seen {
  /** How many numbers have come. */
  readonly received: number;
  /** Where a number was not the one behind its predecessor. */
  readonly broken: readonly string[];
  /** How many numbers were sent. */
  readonly sent: number;
  /** Messages that could not be sent. */
  readonly errors: readonly string[];
  /** Connections at a time, at most; of the listener. */
  readonly most: number;
}

const AT = { z: 'tab', x: 1, y: 1 };
const TAB = { id: 'tab', type: 'tab', label: 'Stay' };

/** Milliseconds between two numbers, either way. */
const PERIOD_MS = 20;

/** Checks that numbers come one by one. */
const CHECK = `
const seen = flow.get('seen') || { received: 0, broken: [], sent: 0, errors: [], most: 0 };
const number = Number(msg.payload);
if (seen.received > 0 && number !== seen.last + 1) seen.broken.push(seen.last + ' ' + number);
seen.last = number;
seen.received += 1;
flow.set('seen', seen);
flow.set('begun', true);
`;

/** Begins once something has come, so that there is somebody to hear the first number. */
const COUNT = `
if (!flow.get('begun')) return null;
const seen = flow.get('seen') || { received: 0, broken: [], sent: 0, errors: [], most: 0 };
seen.sent += 1;
flow.set('seen', seen);
return { payload: String(seen.sent) };
`;

const NOTE_ERROR = `
const seen = flow.get('seen') || { received: 0, broken: [], sent: 0, errors: [], most: 0 };
seen.errors.push(msg.error.message);
flow.set('seen', seen);
`;

const NOTE_STATUS = `
const [, count] = /(\\d+)/.exec(msg.status.text || '') || [];
const seen = flow.get('seen') || { received: 0, broken: [], sent: 0, errors: [], most: 0 };
seen.most = Math.max(seen.most, Number(count) || 0);
flow.set('seen', seen);
flow.set('begun', true);
`;

/** Node by node what both have: numbers out, numbers in, and a look at what was seen. */
function both(end: Readonly<Record<string, string>>): FlowNode[] {
  const period = String(PERIOD_MS / 1000);
  return [
    TAB,
    {
      id: 'tick',
      type: 'inject',
      ...AT,
      props: [],
      repeat: period,
      once: true,
      onceDelay: '0.1',
      wires: [['count']],
    },
    { id: 'count', type: 'function', ...AT, func: COUNT, outputs: 1, wires: [['out']] },
    { id: 'out', type: 'websocket-plus out', ...AT, ...end, wires: [] },
    { id: 'in', type: 'websocket-plus in', ...AT, ...end, wires: [['check']] },
    { id: 'check', type: 'function', ...AT, func: CHECK, outputs: 0, wires: [] },
    { id: 'catch', type: 'catch', ...AT, scope: null, wires: [['error']] },
    { id: 'error', type: 'function', ...AT, func: NOTE_ERROR, outputs: 0, wires: [] },
    { id: 'ask', type: 'http in', ...AT, url: '/seen', method: 'get', wires: [['tell']] },
    {
      id: 'tell',
      type: 'function',
      ...AT,
      func: "msg.payload = flow.get('seen'); return msg;",
      outputs: 1,
      wires: [['answer']],
    },
    { id: 'answer', type: 'http response', ...AT, wires: [] },
  ];
}

/** @param tokenSource the only one */
export function serverFlow(issuer: string, tokenSource: string): FlowNode[] {
  return [
    ...both({ server: 'listener' }),
    {
      id: 'listener',
      type: 'websocket-plus-listener',
      path: '/ws',
      jwtValidation: 'jwks',
      jwksUri: `${issuer}/jwks`,
      jwtIssuer: issuer,
      jwtAudience: AUDIENCE,
      tokenSources: [tokenSource],
      routingScope: 'global',
    },
    { id: 'status', type: 'status', ...AT, scope: ['in'], wires: [['connected']] },
    { id: 'connected', type: 'function', ...AT, func: NOTE_STATUS, outputs: 0, wires: [] },
  ];
}

export function clientFlow(url: string, tokenUrl: string, tokenPlacement: string): FlowNode[] {
  return [
    ...both({ client: 'client' }),
    {
      id: 'client',
      type: 'websocket-plus-client',
      path: url,
      tls: 'trust',
      authMode: 'oauth2',
      tokenUrl,
      scope: 'chat',
      tokenPlacement,
    },
    {
      id: 'trust',
      type: 'tls-config',
      cert: '',
      key: '',
      ca: '',
      caname: 'ca.pem',
      verifyservercert: true,
    },
  ];
}
