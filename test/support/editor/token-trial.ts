import type { Locator, Page } from 'playwright-core';
import { showTab } from './tabs.js';

/** What the dialog says about a token. */
export interface Outcome {
  readonly verdict: string;
  /** The session it shows, where it shows one. */
  readonly session?: unknown;
  /** What was found and what that means, by the name of the check. */
  readonly checks: Readonly<Record<string, string>>;
}

/** Whom a test token is for; what is left out stays as it stands in the dialog. */
export interface Wish {
  readonly subject?: string;
  readonly tenant?: string;
  readonly lifetime?: string;
}

/** "Try a token" in the listener's dialog that is open. */
export class TokenTrial {
  readonly section: Locator;
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
    this.section = page.locator('#websocket-plus-trial');
  }

  /** Shows its tab. */
  static async open(page: Page): Promise<TokenTrial> {
    const trial = new TokenTrial(page);
    await trial.show();
    return trial;
  }

  /** Shows its tab again. */
  show(): Promise<void> {
    return showTab(this.#page.locator('.red-ui-tray').last(), 'trial');
  }

  get field(): Locator {
    return this.#page.locator('#websocket-plus-trial-token');
  }

  /** What is said in words; empty while nothing is known. */
  get verdict(): Locator {
    return this.#page.locator('#websocket-plus-verdict');
  }

  get made(): Locator {
    return this.#page.locator('#websocket-plus-made-address');
  }

  async try(token: string): Promise<Outcome> {
    await this.show();
    await this.field.fill(token);
    return this.tryAgain();
  }

  /** Tries the token that stands there. */
  async tryAgain(): Promise<Outcome> {
    await this.show();
    await this.#page.locator('#websocket-plus-try').click();
    return this.outcome();
  }

  async make(wish: Wish): Promise<Outcome> {
    await this.show();
    const make = this.section.locator('.websocket-plus-make');
    if ((await make.getAttribute('open')) === null) await make.locator('> summary').click();
    for (const [name, value] of Object.entries(wish))
      await this.#page.locator(`#websocket-plus-make-${name}`).fill(value);
    await this.#page.locator('#websocket-plus-make').click();
    return this.outcome();
  }

  /** Resolves when the runtime has answered. */
  async outcome(): Promise<Outcome> {
    const answered = this.verdict.and(
      this.#page.locator('.websocket-plus-passed').or(this.#page.locator('.websocket-plus-failed')),
    );
    await answered.waitFor();
    const explanation = this.#page.locator('#websocket-plus-explanation');
    const [session] = await explanation.locator('> pre').allTextContents();
    const checks = explanation.locator('.websocket-plus-checks > li');
    const [names, findings, results] = await Promise.all(
      ['b', 'span', 'em'].map((part) => checks.locator(`> ${part}`).allTextContents()),
    );
    return {
      verdict: (await this.verdict.textContent()) ?? '',
      ...(session === undefined ? {} : { session: JSON.parse(session) }),
      checks: Object.fromEntries(
        (names ?? []).map((name, index) => [name, `${findings?.[index]}: ${results?.[index]}`]),
      ),
    };
  }
}
