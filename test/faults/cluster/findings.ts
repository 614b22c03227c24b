import { hasHaproxy } from '../../support/cluster/haproxy.js';
import { hasMosquitto } from '../../support/cluster/mosquitto.js';
import type { DrillOptions } from '../options.js';
import { atMost, type Finding, none, unchanged } from '../verdict.js';
import { clusterDrill } from './drill.js';

/** Messages said while a fault is not seen yet, and nobody is told; beside those that are on their way when it happens. */
const SILENTLY_LOST = 10;

/** The codes that tell a sender that it reached its own instance only. */
const TOLD_CODES = ['cluster-down', 'cluster-busy'];

/**
 * When the others forget an instance that is stopped: 8 s after its last heartbeat, which was up to 2 s before that; they look
 * every 2 s. A busy machine takes a little longer.
 */
const EXPIRED_MS = { least: 5500, most: 11_000 };

/** Drills a cluster. @returns what is promised of it, and whether that was kept. @throws Error where a program is missing */
export async function clusterFindings(
  options: DrillOptions,
  say: (line: string) => void,
): Promise<readonly Finding[]> {
  if (!hasMosquitto() || !hasHaproxy()) throw new Error('needs Mosquitto and HAProxy');
  const { ledger, rounds, figures, ...counted } = await clusterDrill(options, say);
  say(`${ledger.delivered} messages delivered`);
  for (const [code, count] of ledger.told) say(`${count} times a sender was told ${code}`);
  for (const surprise of counted.surprises.slice(0, 10)) say(surprise);
  const local = rounds.reduce((sum, { losses }) => sum + losses.local.deliveries, 0);
  const toldOfNothing = rounds
    .filter(({ faults }) => faults === 0)
    .reduce((sum, { losses }) => sum + losses.told.messages, 0);
  const codes = [...ledger.told.keys()].filter((code) => !TOLD_CODES.includes(code));
  return [
    none('delivered to a wrong tenant', ledger.wrongTenant),
    none('delivered twice on a connection', ledger.twice),
    none('delivered out of order', ledger.outOfOrder),
    none("lost on the sender's own instance", local),
    ...rounds.map(({ name, faults, losses }) =>
      atMost(SILENTLY_LOST * faults, `lost elsewhere while nobody was told: ${name}`, losses.silent.messages),
    ),
    none('lost elsewhere, as senders were told, though nothing had broken', toldOfNothing),
    none('other reasons that a sender was told', codes.length),
    none('connections that ended though nobody cut them', counted.endedByThemselves),
    none('answers and ends that were not as expected', counted.surprises.length),
    none('comings and goings that a flow was not told of', counted.untold),
    none('events told twice or out of order', counted.mistold),
    none('exits of the runtimes', counted.exits),
    [
      `a stopped instance is forgotten by the others after ${EXPIRED_MS.least} to ${EXPIRED_MS.most} ms`,
      counted.expiredMs.map((ms) => Math.round(ms)).join(', '),
      counted.expiredMs.length > 0 &&
        counted.expiredMs.every((ms) => ms >= EXPIRED_MS.least && ms <= EXPIRED_MS.most),
    ],
    ...figures.flatMap(({ before, after }, i) => unchanged(before, after, `instance ${i + 1}: `)),
  ];
}
