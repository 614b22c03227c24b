import { ALL, type SessionPage } from './protocol.js';
import { ask } from './request-editor.js';

/** Pages that are shown at most: nobody reads more, and each is asked for anew every time. */
const MAX_PAGES = 5;

const NOBODY: SessionPage = { rows: [], total: 0, next: null };

/** Which sessions somebody wants to see. */
export class SessionsQuery {
  #listener: string = ALL;
  #q = '';
  #tenantId: string | null | undefined;
  #pages = 1;

  get listener(): string {
    return this.#listener;
  }

  set listener(id: string) {
    this.#listener = id;
    this.#pages = 1;
  }

  set q(text: string) {
    this.#q = text;
    this.#pages = 1;
  }

  /** null: those without a tenant; undefined: all. */
  get tenantId(): string | null | undefined {
    return this.#tenantId;
  }

  set tenantId(tenantId: string | null | undefined) {
    this.#tenantId = tenantId;
    this.#pages = 1;
  }

  more(): void {
    this.#pages = Math.min(MAX_PAGES, this.#pages + 1);
  }

  /** All pages as one. Rejects with a LiveError. */
  async fetch(): Promise<SessionPage> {
    let all = NOBODY;
    for (let page = 0; page < this.#pages && (page === 0 || all.next !== null); page += 1) {
      const { rows, total, next } = await this.#fetchPage(all.next);
      all = { rows: [...all.rows, ...rows], total, next };
    }
    return this.#pages === MAX_PAGES ? { ...all, next: null } : all;
  }

  #fetchPage(after: number | null): Promise<SessionPage> {
    return ask<SessionPage>(`/${encodeURIComponent(this.#listener)}/sessions`, {
      ...(this.#q === '' ? {} : { q: this.#q }),
      ...(this.#tenantId === undefined ? {} : { tenant: this.#tenantId ?? '' }),
      ...(after === null ? {} : { after }),
    });
  }
}
