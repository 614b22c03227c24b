import { ControlError } from './control.js';

/** Names that an error may repeat as they are: others could hold anything. */
const PLAIN_NAME = /^[\w$-]{1,40}$/;

/** Reads the members of a payload; each is undefined where it is absent, and what it cannot be is an error. */
export interface Members {
  /** A text that is not empty. */
  name(member: string): string | undefined;
  nameOrNull(member: string): string | null | undefined;
  /** @param maxBytes in UTF-8 */
  text(member: string, maxBytes?: number): string | undefined;
  integer(member: string, min: number, max: number): number | undefined;
  /** A number above 0. */
  positive(member: string, max: number): number | undefined;
  /** True or absent. */
  isTrue(member: string): boolean;
}

/**
 * The members of a payload: those of an object; a text is the `session` of one; nothing at all has none.
 * @param known what it may have; none: the payload is not looked at
 * @throws ControlError
 */
export function membersOf(payload: unknown, known: readonly string[]): Members {
  const object = known.length === 0 ? {} : asObject(payload);
  const stranger = Object.keys(object).find((name) => !known.includes(name));
  if (stranger !== undefined) wrong(stranger);
  return readersOf(object);
}

function asObject(payload: unknown): Readonly<Record<string, unknown>> {
  if (payload === undefined || payload === '') return {};
  if (typeof payload === 'string') return { session: payload };
  if (typeof payload !== 'object' || payload === null) return wrong('payload');
  const prototype: unknown = Object.getPrototypeOf(payload);
  // a Buffer, a Date or a list is no set of members; objects of function nodes have another Object.prototype than ours
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return wrong('payload');
  if (Array.isArray(payload)) return wrong('payload');
  return payload as Readonly<Record<string, unknown>>;
}

function readersOf(object: Readonly<Record<string, unknown>>): Members {
  /** A member that is there has a value: what is undefined was to be something. */
  const read = <T>(member: string, is: (value: unknown) => value is T): T | undefined => {
    if (!Object.hasOwn(object, member)) return undefined;
    const value = object[member];
    return is(value) ? value : wrong(member);
  };
  const isName = (value: unknown) => typeof value === 'string' && value !== '';
  return {
    name: (member) => read(member, (value): value is string => isName(value)),
    nameOrNull: (member) => read(member, (value): value is string | null => value === null || isName(value)),
    text: (member, maxBytes = Number.POSITIVE_INFINITY) =>
      read(
        member,
        (value): value is string => typeof value === 'string' && Buffer.byteLength(value) <= maxBytes,
      ),
    integer: (member, min, max) =>
      read(member, (value): value is number => Number.isInteger(value) && isWithin(value, min, max)),
    positive: (member, max) =>
      read(member, (value): value is number => isWithin(value, Number.MIN_VALUE, max)),
    isTrue: (member) => read(member, (value): value is true => value === true) === true,
  };
}

function isWithin(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && value >= min && value <= max;
}

function wrong(member: string): never {
  throw new ControlError('control-member', { member: PLAIN_NAME.test(member) ? member : 'payload' });
}
