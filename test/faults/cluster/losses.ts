/** Deliveries that were owed and did not come, and of how many messages. */
interface Missed {
  readonly messages: number;
  readonly deliveries: number;
}

/** Why something did not come. */
type Kind =
  /** Its hearer is on the sender's own instance. */
  | 'local'
  /** Its hearer is on another one, and its sender was told. */
  | 'told'
  /** Its hearer's instance was out of touch. */
  | 'away'
  /** It was on its way when something broke. */
  | 'under way'
  /** None of these: its hearer is on another instance, and nobody was told. */
  | 'silent';

export type Losses = Readonly<Record<Kind, Missed>>;

/** Nothing is lost yet. */
export function tallies(): Record<Kind, Tally> {
  return {
    local: new Tally(),
    told: new Tally(),
    away: new Tally(),
    'under way': new Tally(),
    silent: new Tally(),
  };
}

/** What all of these have lost. */
export function sumOf(all: readonly Losses[]): Losses {
  const sum = (kind: Kind) => ({
    messages: all.reduce((total, losses) => total + losses[kind].messages, 0),
    deliveries: all.reduce((total, losses) => total + losses[kind].deliveries, 0),
  });
  return {
    local: sum('local'),
    told: sum('told'),
    away: sum('away'),
    'under way': sum('under way'),
    silent: sum('silent'),
  };
}

class Tally implements Missed {
  deliveries = 0;
  readonly #messages = new Set<number>();

  get messages(): number {
    return this.#messages.size;
  }

  add(number: number): void {
    this.deliveries += 1;
    this.#messages.add(number);
  }
}
