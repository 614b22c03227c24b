import should from 'should';
import { Runtime } from '../support/runtime/runtime.js';

/** What stands in for an id in the log, by the node's id. */
async function namesOf(
  nodes: readonly Record<string, unknown>[],
  settings = {},
): Promise<Map<string, unknown>> {
  const runtime = await Runtime.start(nodes, {}, settings);
  try {
    const entries = runtime.wholeLog.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    const ours = entries.filter(({ type }) => String(type).startsWith('websocket-plus-'));
    return new Map(ours.map(({ id, name }) => [String(id), name]));
  } finally {
    await runtime.stop();
  }
}

/** Nodes without a secret: each has one error to say. */
function listener(properties: Record<string, unknown>) {
  return { id: 'n', type: 'websocket-plus-listener', ...properties };
}
function client(properties: Record<string, unknown>) {
  return { id: 'n', type: 'websocket-plus-client', ...properties };
}

describe('nodes: the name in the log', () => {
  const cases: [string, Record<string, unknown>, unknown][] = [
    ['the name of a listener', listener({ path: '/ws', name: 'Chat' }), 'Chat'],
    ['else its path', listener({ path: 'ws' }), '/api/ws'],
    ['its path where the name is white space', listener({ path: '/ws', name: ' ' }), '/api/ws'],
    ['nothing where there is no usable path', listener({ path: '/ws?token=x' }), undefined],
    ['the name of a client', client({ path: 'ws://h', name: 'Bridge' }), 'Bridge'],
    ['else its URL', client({ path: ' wss://h:81/ws ' }), 'wss://h:81/ws'],
    ['never a query', client({ path: 'wss://h/ws?key=private#private' }), 'wss://h/ws'],
    ['never a password', client({ path: 'wss://ann:private@h/ws' }), 'wss://h/ws'],
    ['never what may be one', client({ path: 'wss://ann:pri/vate@h/ws' }), undefined],
    ['no variable inside', client({ path: 'wss://h/$'.concat('{HOME}') }), 'wss://h/$'.concat('{HOME}')],
    ['nothing of what is no such URL', client({ path: 'https://ann:private@h' }), undefined],
  ];
  for (const [what, node, name] of cases) {
    it(`is ${what}`, async () => {
      should((await namesOf([node], { httpNodeRoot: '/api' })).get('n')).equal(name);
    });
  }
});
