import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './installed-node-red.js';
import type { FlowNode } from './node-red-process.js';

const FOLDER = join(ROOT, 'examples');

/** The file names of all examples, as the import dialog shows them, without `.json`. */
export function exampleNames(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort();
}

/** The flow of the example with that number. */
export function example(number: string): FlowNode[] {
  const name = exampleNames().find((one) => one.startsWith(`${number} `));
  if (name === undefined) throw new Error(`there is no example ${number}`);
  return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as FlowNode[];
}

/** The step that example 02 asks of its user: a value for the tab's CHAT_SECRET. */
export function withChatSecret(flow: readonly FlowNode[], secret: string): FlowNode[] {
  return flow.map((node) => (node.type === 'tab' ? { ...node, credentials: { CHAT_SECRET: secret } } : node));
}

/** A flow whose tab has another value for the environment variable `name`. */
export function withVariable(flow: readonly FlowNode[], name: string, value: string): FlowNode[] {
  return flow.map((node) => (node.type === 'tab' ? { ...node, env: [{ name, value, type: 'str' }] } : node));
}

/** A flow whose tab has these values for its environment variables, which are credentials where they are declared so. */
export function withVariables(
  flow: readonly FlowNode[],
  values: Readonly<Record<string, string>>,
): FlowNode[] {
  return flow.map((node) => {
    if (node.type !== 'tab') return node;
    const env = node.env as readonly Variable[];
    const secret = new Set(env.filter(({ type }) => type === 'cred').map(({ name }) => name));
    const entries = Object.entries(values);
    return {
      ...node,
      env: env.map((one) => (secret.has(one.name) ? one : { ...one, value: values[one.name] ?? one.value })),
      credentials: Object.fromEntries(entries.filter(([name]) => secret.has(name))),
    };
  });
}

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}
