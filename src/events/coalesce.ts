/**
 * Passes values on at most once per period: the first at once, then the latest of those that came meanwhile.
 * @param periodMs milliseconds between two values
 * @param mayDrop asked once per period: false passes every value on as it comes
 */
export function coalesce<T>(periodMs: number, pass: (value: T) => void, mayDrop: () => boolean) {
  let timer: NodeJS.Timeout | undefined;
  let latest: { readonly value: T } | undefined;
  let dropping = false;

  function open(value: T): void {
    dropping = mayDrop();
    timer = setTimeout(() => {
      timer = undefined;
      const last = latest;
      latest = undefined;
      if (last !== undefined) open(last.value);
    }, periodMs);
    pass(value);
  }

  return {
    push(value: T): void {
      if (timer === undefined) open(value);
      else if (dropping) latest = { value };
      else pass(value);
    },
    /** Drops what is held back. */
    stop(): void {
      clearTimeout(timer);
      timer = undefined;
      latest = undefined;
    },
  };
}
