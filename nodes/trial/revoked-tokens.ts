import type { NodeAPI } from 'node-red';
import type { RevokedTokens } from '../../src/handshake/revocable.js';
import { Revocations } from '../../src/sessions/revocations.js';
import { rosterOf } from '../roster.js';

/** What the running listener of that id does not take any more; undefined where none runs that looks at tokens. */
export function revokedTokens(RED: NodeAPI, id: string): RevokedTokens | undefined {
  const { at } = [...rosterOf(RED).listeners].find((entry) => entry.id === id) ?? {};
  if (at?.kind !== 'serving' || at.options.validation.kind === 'none') return undefined;
  const { listener } = at;
  if (listener.state.kind === 'misconfigured') return undefined;
  const load = async () => {
    const outcome = await listener.control({ kind: 'revocations' });
    if (outcome.kind !== 'payload') throw new Error('no list of what is revoked');
    return outcome.payload;
  };
  // a copy, which judges as the listener's own does and has no say in it
  return new Revocations({ load, save: async () => {} }, () => {});
}
