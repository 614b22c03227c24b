import { setTimeout as wait } from 'node:timers/promises';
import { type Signer, signer } from '../../support/core/tokens.js';
import type { Figures } from '../../support/package/watched-node-red.js';
import type { DrillOptions } from '../options.js';
import { Faults } from './faults.js';
import type { Instance } from './instance.js';
import { Ledger } from './ledger.js';
import { type Cut, type Round, Rounds } from './rounds.js';
import { Site } from './site.js';

/** What the drill has counted. */
export interface ClusterOutcome {
  readonly ledger: Ledger;
  readonly rounds: readonly Round[];
  /** Connections that ended though nobody cut them. */
  readonly endedByThemselves: number;
  /** Answers and close codes that were not those expected. */
  readonly surprises: readonly string[];
  /** Connections of which a flow was not told that they came, or not that they went. */
  readonly untold: number;
  /** Events told twice or out of order. */
  readonly mistold: number;
  readonly exits: number;
  /** When the others forgot an instance, in milliseconds after it was stopped. */
  readonly expiredMs: readonly number[];
  /** Of each instance. */
  readonly figures: readonly { readonly before: Figures; readonly after: Figures }[];
}

const REST_MS = 6000; // Node-RED has a timer of 5 s for every upgrade

/** Runs three Node-REDs behind a balancer under traffic, breaks what can break, and counts. `say` is told how it goes. */
export async function clusterDrill(
  options: DrillOptions,
  say: (line: string) => void,
): Promise<ClusterOutcome> {
  const first = await signer('ES256', 'first');
  const site = await Site.start([first.jwk]);
  say(`Node-RED ${site.instances.map(({ version }) => version).join(', ')}`);
  try {
    return await run(options, site, first, say);
  } finally {
    await site.stop();
  }
}

async function run(
  options: DrillOptions,
  site: Site,
  first: Signer,
  say: (line: string) => void,
): Promise<ClusterOutcome> {
  const { connections, tenants } = options;
  const { instances } = site;
  const [one, another, last] = instances as [Instance, Instance, Instance]; // a site has three
  const ledger = new Ledger();
  const faults = new Faults(site, ledger, first, say);
  const rounds = new Rounds(options, faults.population, ledger, faults.talk, say);
  const round = (name: string, happen: () => Promise<void>, cut?: Cut) => rounds.round(name, happen, cut);

  // what ends processes comes first: the others are to hold as much at the end as in between
  faults.population.come(connections, tenants);
  await round('all restarted, one after the other', () => faults.rollOver(), closed(1012, instances));
  await round('one killed and started again', () => faults.restart(one, 'crash'), closed(1006, [one]));
  await round('nothing happens', async () => {});
  const before = await figures(faults, instances);

  faults.population.come(connections, tenants);
  await round('the broker killed and restarted', () => faults.breakBroker(connections));
  await round('one stopped for 20 s', () => faults.stopFor20s(last));
  await round('keys rotated', () => faults.rotateKeys());
  await round('unrelated nodes deployed on one', () => faults.deployUnrelated('nodes', [another]));
  await round('unrelated flows deployed on all', () => faults.deployUnrelated('flows', instances));
  await round('modified nodes deployed on one', () => faults.deployTraffic('nodes', [another]));
  await round('modified flows deployed on all', () => faults.deployTraffic('flows', instances));
  for (const [type, what] of [
    ['nodes', 'cluster node'],
    ['full', 'all flows'],
  ] as const) {
    for (const [where, those] of [
      ['one', [another]],
      ['all', instances],
    ] as const) {
      const happen = () => faults.deployCluster(type, those);
      await round(`${what} deployed on ${where}`, happen, closed(1012, those));
    }
  }
  const after = await figures(faults, instances);
  for (const instance of instances) await faults.audit(instance);

  return {
    ledger,
    rounds: rounds.done,
    endedByThemselves: rounds.endedByThemselves,
    surprises: [...rounds.surprises, ...faults.surprises],
    untold: faults.untold,
    mistold: faults.mistold,
    exits: instances.reduce((sum, { exits }) => sum + exits, 0),
    expiredMs: faults.expiredMs,
    figures: before.flatMap((then, i) => {
      const now = after[i];
      return now === undefined ? [] : [{ before: then, after: now }];
    }),
  };
}

/** Sends everybody away. @returns what the instances hold once they are at rest */
async function figures({ population }: Faults, instances: readonly Instance[]): Promise<Figures[]> {
  await Promise.all(instances.map((instance) => instance.deploy('full', 'traffic')));
  await population.leave();
  await wait(REST_MS);
  return Promise.all(instances.map((instance) => instance.figures()));
}

function closed(code: number, instances: readonly Instance[]): Cut {
  return { code, instances };
}
