/** Whether `value` can be a limit or a duration: a number >= 0, also written as text; blank or absent means none. */
export function isAmount(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'number' && typeof value !== 'string') return false;
  const amount = Number(value);
  return Number.isFinite(amount) && amount >= 0;
}
