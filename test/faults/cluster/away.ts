/**
 * A time in which an instance could not hear the others, nor be blamed for it: it was stopped, or had only begun. It ends,
 * for each of the others, with the first message said after `until` that is heard from there.
 */
export interface Away {
  readonly run: string;
  /** The number of the first message of that time. */
  readonly since: number;
  /** The number of the first message after the fault; undefined while it lasts. */
  until: number | undefined;
}
