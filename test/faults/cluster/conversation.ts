import type { Away } from './away.js';
import type { Party } from './ledger.js';
import { type Losses, tallies } from './losses.js';

interface Said {
  readonly speaker: Party;
  /** Its speaker has heard it: it has passed the flow. */
  isHeardBySpeaker: boolean;
  isTold: boolean;
}

/** What one connection has heard. */
interface Hearing {
  readonly party: Party;
  /** Was said before it was there. */
  readonly from: number;
  readonly heard: Set<number>;
  /** The newest of each speaker, by its id. */
  readonly newest: Map<string, number>;
  /** The newest of each instance. */
  readonly newestOf: Map<string, number>;
  isOpen: boolean;
}

/** All that is said in one tenant in one round, numbered as it was said, and who has heard it. */
export class Conversation {
  readonly #said: Said[] = [];
  readonly #hearings = new Map<Party, Hearing>();
  readonly #away: Away[] = [];
  readonly #underWay = new Set<number>();
  #mark = Number.POSITIVE_INFINITY;

  get length(): number {
    return this.#said.length;
  }

  opened(party: Party): void {
    const { length: from } = this.#said;
    const hearing = { party, from, heard: new Set<number>(), newest: new Map(), newestOf: new Map() };
    this.#hearings.set(party, { ...hearing, isOpen: true });
  }

  closed(party: Party): void {
    const hearing = this.#hearings.get(party);
    if (hearing !== undefined) hearing.isOpen = false;
  }

  /** @returns the number of what is said now */
  say(speaker: Party): number {
    return this.#said.push({ speaker, isHeardBySpeaker: false, isTold: false }) - 1;
  }

  /** Whether it was that connection that said it. */
  isOf(party: Party, number: number): boolean {
    return this.#said[number]?.speaker === party;
  }

  /** Books what has come to a connection. @returns what is wrong with it */
  heard(party: Party, number: number): 'well' | 'twice' | 'out of order' | 'never said' {
    const hearing = this.#hearings.get(party);
    const said = this.#said[number];
    if (hearing === undefined || said === undefined) return 'never said';
    if (hearing.heard.has(number)) return 'twice';
    const { id, run } = said.speaker;
    const isInOrder = number > (hearing.newest.get(id) ?? -1);
    hearing.heard.add(number);
    hearing.newest.set(id, Math.max(number, hearing.newest.get(id) ?? -1));
    hearing.newestOf.set(run, Math.max(number, hearing.newestOf.get(run) ?? -1));
    if (said.speaker === party) said.isHeardBySpeaker = true;
    return isInOrder ? 'well' : 'out of order';
  }

  /** A speaker has been told that the others were not reached. @returns whether that is so: it was its own message */
  told(party: Party, number: number): boolean {
    const said = this.#said[number];
    if (said === undefined || said.speaker !== party || said.isTold) return false;
    said.isTold = true;
    return true;
  }

  /** Something breaks now: what has not come to all by now may never come. */
  broken(): void {
    for (const { from, heard } of this.#open()) {
      for (let number = from; number < this.#said.length; number += 1) {
        if (!heard.has(number)) this.#underWay.add(number);
      }
    }
  }

  away(away: Away): void {
    this.#away.push(away);
  }

  /** The number of the first message after the mark. */
  get marked(): number {
    return this.#mark;
  }

  /** From here on it is looked at who hears whom. */
  mark(): void {
    this.#mark = this.#said.length;
  }

  /** One speaker of each instance that somebody has not heard since the mark. */
  unheard(): Party[] {
    const open = this.#open();
    const speakers = new Map(open.map(({ party }) => [party.run, party]));
    return [...speakers].flatMap(([run, party]) =>
      open.every(({ newestOf }) => (newestOf.get(run) ?? -1) >= this.#mark) ? [] : [party],
    );
  }

  /** What was owed and has not come. */
  losses(): Losses {
    const missed = tallies();
    const ends = this.#away.map((away) => this.#endsOf(away));
    const isAway = (run: string, number: number, from: string) =>
      this.#away.some(
        (away, i) => away.run === run && number >= away.since && number < (ends[i]?.get(from) ?? this.length),
      );
    const present = new Set(this.#open().map(({ party }) => party.run));
    for (const hearing of this.#hearings.values()) {
      for (let number = hearing.from; number < this.#said.length; number += 1) {
        const said = this.#said[number];
        if (said === undefined || !isOwed(said, number, hearing, present)) continue;
        const { run } = hearing.party;
        if (said.speaker.run === run) missed.local.add(number);
        else if (said.isTold) missed.told.add(number);
        else if (isAway(run, number, said.speaker.run)) missed.away.add(number);
        else if (this.#underWay.has(number)) missed['under way'].add(number);
        else missed.silent.add(number);
      }
    }
    return missed;
  }

  /** By speaker's instance: the first said after the fault was over that has come to the one that was out of touch. */
  #endsOf({ run, until }: Away): Map<string, number> {
    const ends = new Map<string, number>();
    for (const { party, heard } of this.#hearings.values()) {
      if (party.run !== run) continue;
      for (const number of heard) {
        const from = this.#said[number]?.speaker.run;
        if (from === undefined || number < (until ?? this.length)) continue;
        ends.set(from, Math.min(number, ends.get(from) ?? number));
      }
    }
    return ends;
  }

  #open(): Hearing[] {
    return [...this.#hearings.values()].filter(({ isOpen }) => isOpen);
  }
}

/**
 * Whether a connection has to have heard a message, and has not.
 * @param present the instances that somebody can still be heard from
 */
function isOwed(said: Said, number: number, hearing: Hearing, present: ReadonlySet<string>): boolean {
  const { party, heard, newest, newestOf, isOpen } = hearing;
  const { speaker } = said;
  if (heard.has(number)) return false;
  // what its speaker has not heard has never passed the flow: he was cut off, or that is the fault
  if (!said.isHeardBySpeaker) return speaker === party && isOpen;
  // who was cut off has missed what came before something he has heard
  if (!isOpen) return number < (newest.get(speaker.id) ?? -1);
  if (speaker.run === party.run || !present.has(speaker.run)) return true;
  // an instance's messages come in order: what was said after the last that has come may be on its way
  return number < (newestOf.get(speaker.run) ?? Number.POSITIVE_INFINITY);
}
