/** How often the runtime is asked, in milliseconds. */
const PERIOD_MS = 2000;

/** What is asked again and again while a part of the page is seen. */
export interface Polling {
  /** Asks now, if it may. */
  now(): void;
  pause(isPaused: boolean): void;
  stop(): void;
}

/**
 * Asks again and again, one at a time, and only while `element` is really seen: neither Node-RED 4 nor 5 says that a tab of its
 * sidebar was hidden.
 * @param ask never rejects
 * @param hidden called when the element is no longer seen
 */
export function startPolling(element: HTMLElement, ask: () => Promise<void>, hidden: () => void): Polling {
  let inView = false;
  let paused = false;
  let stopped = false;
  let asking = false;
  let again = false;
  let timer: number | undefined;

  const isSeen = () => !stopped && inView && document.visibilityState === 'visible';

  async function run(): Promise<void> {
    window.clearTimeout(timer);
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    do {
      again = false;
      await ask();
    } while (again && isSeen());
    asking = false;
    if (isSeen() && !paused) timer = window.setTimeout(run, PERIOD_MS);
  }

  function seenOrNot(): void {
    if (!isSeen()) {
      window.clearTimeout(timer);
      hidden();
    } else if (!paused) {
      void run();
    }
  }

  const observer = new IntersectionObserver((entries) => {
    const isIntersecting = entries.at(-1)?.isIntersecting === true;
    if (isIntersecting === inView) return;
    inView = isIntersecting;
    seenOrNot();
  });
  observer.observe(element);
  document.addEventListener('visibilitychange', seenOrNot);
  return {
    now() {
      if (isSeen()) void run();
    },
    pause(isPaused) {
      paused = isPaused;
      window.clearTimeout(timer);
      if (!paused && isSeen()) void run();
    },
    stop() {
      stopped = true;
      window.clearTimeout(timer);
      observer.disconnect();
      document.removeEventListener('visibilitychange', seenOrNot);
    },
  };
}
