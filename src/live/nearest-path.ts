/** The path among `paths` that `path` may have been meant for; null where none is like it. */
export function nearestPath(path: string, paths: readonly string[]): string | null {
  let nearest: string | null = null;
  let least = Math.ceil(path.length / 2) + 1;
  for (const one of paths) {
    const distance = editDistance(path.toLowerCase(), one.toLowerCase());
    if (distance >= least) continue;
    nearest = one;
    least = distance;
  }
  return nearest;
}

/** How many characters have to be put in, taken out or changed to make one text of the other (Levenshtein). */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_none, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (let at = 1; at <= other.length; at += 1) {
      const [above = 0, diagonal = 0] = [row[at], row[at - 1]];
      const changed = diagonal + (letter === other[at - 1] ? 0 : 1);
      next.push(Math.min(above + 1, (next[at - 1] ?? 0) + 1, changed));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
