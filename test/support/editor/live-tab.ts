import type { Locator, Page, Request } from 'playwright-core';
import type { EditorPage } from './editor-page.js';

/** The tab *WebSocket connections* in the sidebar. */
export class LiveTab {
  readonly element: Locator;
  readonly #editor: EditorPage;
  /** Addresses that it has asked for, without the editor's own. */
  readonly requests: string[] = [];

  constructor(editor: EditorPage) {
    this.#editor = editor;
    this.element = editor.page.locator('.websocket-plus-live');
    editor.page.on('request', (request: Request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith('/websocket-plus/live')) this.requests.push(pathname);
    });
  }

  get page(): Page {
    return this.#editor.page;
  }

  /** Opens it as its own action does; resolves when it shows what the runtime has answered. */
  async show(): Promise<void> {
    await this.#editor.invoke('websocket-plus:show-connections');
    await this.page.locator('.websocket-plus-foot:visible', { hasText: /\d/ }).waitFor();
  }

  /** Shows another tab of the sidebar; resolves when this one knows that it is not seen. */
  async hide(): Promise<void> {
    await this.#editor.evaluate("RED.sidebar.show('info')");
    await this.#editor.evaluate(`new Promise((resolve) => {
      const observer = new IntersectionObserver((entries) => {
        if (entries.at(-1).isIntersecting) return;
        observer.disconnect();
        resolve();
      });
      observer.observe(document.querySelector('.websocket-plus-live'));
    })`);
  }

  /** @param name `overview`, `sessions` or `refused` */
  async view(name: string): Promise<Locator> {
    await this.page.locator(`#websocket-plus-live-${name}`).click();
    const panel = this.page.locator(`#websocket-plus-live-${name}-panel`);
    await panel.waitFor();
    return panel;
  }

  /** The row of a session. */
  session(subject: string): Locator {
    return this.element.locator('tbody', {
      has: this.page.getByRole('button', { name: subject, exact: true }),
    });
  }

  /** Makes it so wide. */
  async resize(width: number): Promise<void> {
    await this.#editor.evaluate(`$('.websocket-plus-live').css('width', ${width})`);
  }

  /** What sticks out sideways. */
  tooWide(): Promise<string[]> {
    return this.#editor.evaluate(`$('.websocket-plus-live, .websocket-plus-live *').filter(':visible').get()
      .filter(({ clientWidth, scrollWidth }) => clientWidth > 0 && scrollWidth > clientWidth + 1)
      .filter((part) => !part.matches('select, input, option, .websocket-plus-unseen'))
      .map(({ className, textContent }) => className + ': ' + textContent.slice(0, 60))`);
  }
}
