import { parseArgs } from 'node:util';

/** How hard the drill is. */
export interface DrillOptions {
  readonly connections: number;
  readonly tenants: number;
  /** What each connection sends in each round. */
  readonly messages: number;
  /** Of several Node-REDs, not of one. */
  readonly isOfCluster: boolean;
}

/** Reads `--connections`, `--tenants`, `--messages` and `--cluster`. @throws Error where a number is no positive integer */
export function drillOptions(args: readonly string[]): DrillOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      connections: { type: 'string', default: '2000' },
      tenants: { type: 'string', default: '40' },
      messages: { type: 'string', default: '5' },
      cluster: { type: 'boolean', default: false },
    },
  });
  return {
    connections: positive('connections', values.connections),
    tenants: positive('tenants', values.tenants),
    messages: positive('messages', values.messages),
    isOfCluster: values.cluster,
  };
}

function positive(name: string, value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`--${name} is to be a positive integer`);
  return number;
}
