import type { Hearer, Peer } from './peer.js';

/** One message of the drill, as text: the tenant it is for, who said it, in which round, and whether it is counted. */
interface Said {
  readonly tenant: string;
  readonly round: number;
  readonly counted: boolean;
}

/**
 * Counts what arrives. In a round, whatever a steady peer says is to reach every steady peer of its tenant exactly once;
 * steady peers are those that the drill does not cut in that round.
 */
export class Ledger implements Hearer {
  delivered = 0;
  wrongTenant = 0;
  lost = 0;
  twice = 0;
  #round = 0;
  #steady: readonly Peer[] = [];
  /** What was said in this round, by tenant. */
  #said = new Map<string, number>();
  /** What has reached whom in this round. */
  #reached = new Map<Peer, number>();
  /** How many steady peers each tenant has. */
  #members = new Map<string, number>();
  #underWay = 0;
  #allReached = () => {};

  received(peer: Peer, text: string): void {
    const said = read(text);
    this.delivered += 1;
    if (said.tenant !== peer.tenant) this.wrongTenant += 1;
    if (!said.counted || said.round !== this.#round) return;
    const reached = this.#reached.get(peer);
    if (reached === undefined) return; // a peer that may be cut
    this.#reached.set(peer, reached + 1);
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#allReached();
  }

  begin(steady: readonly Peer[]): void {
    this.#round += 1;
    this.#steady = steady;
    this.#underWay = 0;
    this.#said = new Map();
    this.#reached = new Map(steady.map((peer) => [peer, 0]));
    this.#members = new Map();
    for (const { tenant } of steady) this.#members.set(tenant, (this.#members.get(tenant) ?? 0) + 1);
  }

  say(peer: Peer): void {
    this.#said.set(peer.tenant, (this.#said.get(peer.tenant) ?? 0) + 1);
    this.#underWay += this.#members.get(peer.tenant) ?? 0;
    peer.say(this.#text(peer, 'counted'));
  }

  /** Has a peer say what is owed to nobody. */
  sayAside(peer: Peer, filler = ''): void {
    peer.say(this.#text(peer, 'not', filler));
  }

  /** Waits until everything said has reached everybody, at most `patienceMs`, and books what has not. */
  async settle(patienceMs: number): Promise<void> {
    if (this.#underWay > 0) {
      await new Promise<void>((resolve) => {
        const deadline = setTimeout(resolve, patienceMs);
        this.#allReached = () => {
          clearTimeout(deadline);
          resolve();
        };
      });
    }
    this.#allReached = () => {};
    for (const peer of this.#steady) {
      this.lost += Math.max(0, this.#missing(peer));
      this.twice += Math.max(0, -this.#missing(peer));
    }
  }

  #missing(peer: Peer): number {
    return (this.#said.get(peer.tenant) ?? 0) - (this.#reached.get(peer) ?? 0);
  }

  #text({ tenant, id }: Peer, counted: 'counted' | 'not', filler = ''): string {
    return [tenant, id, this.#round, counted, filler].join('|');
  }
}

function read(text: string): Said {
  const [tenant = '', , round, counted] = text.slice(0, 100).split('|');
  return { tenant, round: Number(round), counted: counted === 'counted' };
}
