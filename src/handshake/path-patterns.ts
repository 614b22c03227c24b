import { ANY_SEGMENT, normalisedPath } from '../config/path.js';

/** A pattern that fits a path. */
export interface PatternMatch {
  readonly shape: string;
  /** What stands in the path for each parameter, percent-decoded. */
  readonly values: readonly string[];
}

interface Branch {
  readonly literals: Map<string, Branch>;
  any: Branch | undefined;
  /** Of the pattern that ends here. */
  shape: string | undefined;
}

/**
 * Paths with parameters, as a tree of their segments: a path is compared with those that begin as it does, however many
 * there are. Where several fit, the one is taken that has a literal segment first.
 */
export class PathPatterns {
  readonly #root: Branch = newBranch();
  #longest = 0;

  /** @param shapes as `pathShape` makes them */
  constructor(shapes: Iterable<string>) {
    for (const shape of shapes) this.#add(shape);
  }

  /**
   * Finds the pattern for a path, as a request line holds it. A parameter takes one segment that is a name and nothing
   * else: flows make file names and topics of it. So there is no match where it is empty, not ASCII, no percent-encoded
   * UTF-8, `.` or `..`, or decodes to something with a slash, a backslash or a control character in it.
   */
  match(path: string): PatternMatch | undefined {
    if (this.#longest === 0) return undefined;
    const segments = path.split('/', this.#longest + 1);
    return segments.length > this.#longest ? undefined : find(this.#root, segments, []);
  }

  #add(shape: string): void {
    const segments = shape.split('/');
    this.#longest = Math.max(this.#longest, segments.length);
    let branch = this.#root;
    for (const segment of segments) branch = grow(branch, segment);
    branch.shape = shape;
  }
}

function newBranch(): Branch {
  return { literals: new Map(), any: undefined, shape: undefined };
}

function grow(branch: Branch, segment: string): Branch {
  if (segment === ANY_SEGMENT) {
    branch.any ??= newBranch();
    return branch.any;
  }
  const next = branch.literals.get(segment) ?? newBranch();
  branch.literals.set(segment, next);
  return next;
}

function find(
  branch: Branch,
  segments: readonly string[],
  values: readonly string[],
): PatternMatch | undefined {
  const [segment, ...rest] = segments;
  if (segment === undefined) return branch.shape === undefined ? undefined : { shape: branch.shape, values };
  const literal = branch.literals.get(normalisedPath(segment));
  const found = literal && find(literal, rest, values);
  if (found !== undefined || branch.any === undefined) return found;
  const value = decodeSegment(segment);
  return value === undefined ? undefined : find(branch.any, rest, [...values, value]);
}

function decodeSegment(segment: string): string | undefined {
  if (/[^!-~]/.test(segment)) return undefined;
  let value: string;
  try {
    value = decodeURIComponent(segment);
  } catch {
    return undefined;
  }
  return /^\.{0,2}$|[/\\\p{Cc}]/u.test(value) ? undefined : value;
}
