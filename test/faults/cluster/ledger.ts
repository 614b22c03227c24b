import type { Away } from './away.js';
import { Conversation } from './conversation.js';
import { type Losses, sumOf } from './losses.js';

/** A connection of the drill. */
export interface Party {
  readonly id: string;
  readonly tenant: string;
  /** Which instance it is connected to, and which of its processes. */
  readonly run: string;
}

/** What an instance writes before what it could not pass on to the others. */
export const TOLD = 'told';

/**
 * Books who says what, who is to hear it, and who has. A message is owed to every connection of its tenant that is there
 * when it is said and stays, on whichever instance: exactly once, and each speaker's messages in order. What was said while
 * somebody was between two connections is not owed to him.
 */
export class Ledger {
  delivered = 0;
  wrongTenant = 0;
  twice = 0;
  /** Came after something that the same speaker said later, or in a round after its own. */
  outOfOrder = 0;
  /** How often speakers were told, by the code of the error. */
  readonly told = new Map<string, number>();
  #round = 0;
  #faults = 0;
  #conversations = new Map<string, Conversation>();
  /** Those of the round before. */
  #before = new Map<string, Conversation>();
  #away = new Map<string, Away[]>();
  readonly #open = new Set<Party>();
  /** What speakers have not heard of themselves yet. */
  readonly #waiting = new Map<Party, number>();

  /** Ends a round: what comes of it from now on comes too late, unless it was said after the mark, when all was clear. */
  begin(): void {
    this.#round += 1;
    this.#faults = 0;
    this.#before = this.#conversations;
    this.#conversations = new Map();
    this.#away = new Map();
    this.#waiting.clear();
    for (const party of this.#open) this.#conversation(party.tenant).opened(party);
  }

  opened(party: Party): void {
    this.#open.add(party);
    this.#conversation(party.tenant).opened(party);
  }

  closed(party: Party): void {
    this.#open.delete(party);
    this.#waiting.delete(party);
    this.#conversation(party.tenant).closed(party);
  }

  /** @returns what the connection is to send */
  say(party: Party): string {
    this.#waiting.set(party, this.#waitingOf(party) + 1);
    return `${party.tenant}|${this.#round}|${this.#conversation(party.tenant).say(party)}`;
  }

  received(party: Party, text: string): void {
    const [tenant = '', round, number, told, code = ''] = text.split('|');
    if (tenant !== party.tenant) this.wrongTenant += 1;
    else if (Number(round) !== this.#round) this.#late(tenant, Number(round), Number(number));
    else if (told === TOLD) this.#told(party, Number(number), code);
    else this.#heard(party, Number(number));
  }

  /** How many messages their speakers have not heard themselves, on the instances that `isMeant`. */
  waiting(isMeant: (run: string) => boolean = () => true): number {
    let waiting = 0;
    for (const [{ run }, count] of this.#waiting) if (isMeant(run)) waiting += count;
    return waiting;
  }

  /** Something breaks now: what is on its way to other instances may not come. */
  broken(): void {
    this.#faults += 1;
    for (const conversation of this.#conversations.values()) conversation.broken();
  }

  /** How often something broke in this round. */
  get faults(): number {
    return this.#faults;
  }

  /** From now on, what is said on other instances is not owed to those on this one. */
  outOfTouch(run: string): void {
    const times = [...this.#conversations.values()].map((conversation) => {
      const away: Away = { run, since: conversation.length, until: undefined };
      conversation.away(away);
      return away;
    });
    this.#away.set(run, times);
  }

  /** It is, once something said from now on has come there. */
  backInTouch(run: string): void {
    const conversations = [...this.#conversations.values()];
    for (const [i, away] of (this.#away.get(run) ?? []).entries()) away.until = conversations[i]?.length ?? 0;
  }

  /** From here on it is looked at who hears whom. */
  mark(): void {
    for (const conversation of this.#conversations.values()) conversation.mark();
  }

  /** One speaker of each tenant on each instance that somebody has not heard since the mark. */
  unheard(): Party[] {
    return [...this.#conversations.values()].flatMap((conversation) => conversation.unheard());
  }

  /** What was owed in this round and has not come. */
  losses(): Losses {
    return sumOf([...this.#conversations.values()].map((conversation) => conversation.losses()));
  }

  #late(tenant: string, round: number, number: number): void {
    const marked = this.#before.get(tenant)?.marked ?? Number.POSITIVE_INFINITY;
    if (round !== this.#round - 1 || number < marked) this.outOfOrder += 1;
  }

  #heard(party: Party, number: number): void {
    const conversation = this.#conversation(party.tenant);
    const how = conversation.heard(party, number);
    if (how === 'out of order') this.outOfOrder += 1;
    if (how === 'twice') this.twice += 1;
    else if (how === 'never said') this.wrongTenant += 1;
    else {
      this.delivered += 1;
      if (conversation.isOf(party, number)) this.#waiting.set(party, this.#waitingOf(party) - 1);
    }
  }

  #told(party: Party, number: number, code: string): void {
    if (!this.#conversation(party.tenant).told(party, number)) this.wrongTenant += 1;
    else this.told.set(code, (this.told.get(code) ?? 0) + 1);
  }

  #waitingOf(party: Party): number {
    return this.#waiting.get(party) ?? 0;
  }

  #conversation(tenant: string): Conversation {
    const known = this.#conversations.get(tenant);
    if (known !== undefined) return known;
    const conversation = new Conversation();
    this.#conversations.set(tenant, conversation);
    return conversation;
  }
}
