import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { ROOT } from '../package/installed-node-red.js';
import type { FlowNode, NodeRedProcess } from '../package/node-red-process.js';
import { browser } from './browser.js';

/** Where screenshots are kept for whoever looks at a run. */
const ARTIFACTS = process.env.ARTIFACTS_PATH ?? join(ROOT, '.artifacts');

/** Node-RED is installing an npm package, or its own editor is loading on a busy machine. */
const LONG_MS = 180_000;

/** What a user has chosen in the editor's own settings. */
export interface EditorSettings {
  readonly language?: string;
  /** Node-RED 4 has only one. */
  readonly theme?: 'light' | 'dark';
}

/** Node-RED's editor in a browser, used as a person uses it: with mouse and keyboard. */
export class EditorPage {
  readonly page: Page;
  readonly #nodeRed: NodeRedProcess;
  readonly #version: string;
  readonly #errors: Error[] = [];

  private constructor(page: Page, nodeRed: NodeRedProcess, version: string) {
    this.page = page;
    this.#nodeRed = nodeRed;
    this.#version = version;
    page.on('pageerror', (error) => this.#errors.push(error));
  }

  /** Resolves once the flows are loaded. */
  static async open(nodeRed: NodeRedProcess, settings: EditorSettings = {}): Promise<EditorPage> {
    const { language = 'en-US', theme = 'light' } = settings;
    const { version } = (await nodeRed.json('/settings')) as { readonly version: string };
    const context = await (await browser()).newContext({
      viewport: { width: 1500, height: 1000 },
      locale: 'en-US',
      // Node-RED's help sidebar and workspace move; the tests need not watch that.
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const stored = { 'editor-language': language, 'view-dark-theme': theme };
    await context.addInitScript(`Object.assign(localStorage, ${JSON.stringify(stored)})`);
    const page = await context.newPage();
    const editor = new EditorPage(page, nodeRed, version);
    await page.goto(nodeRed.url);
    await page.waitForFunction('window.RED?.nodes?.originalFlow?.() !== undefined', undefined, {
      timeout: LONG_MS,
    });
    await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
    return editor;
  }

  /** Closes the page. @throws AggregateError where a script in it threw */
  async close(): Promise<void> {
    await this.page.context().close();
    if (this.#errors.length > 0) throw new AggregateError(this.#errors, 'scripts in the editor threw');
  }

  /** The value of a JavaScript expression in the page; `RED` is the editor's API. */
  evaluate<T>(expression: string): Promise<T> {
    return this.page.evaluate(expression) as Promise<T>;
  }

  /** What was copied last. */
  clipboard(): Promise<string> {
    return this.evaluate('navigator.clipboard.readText()');
  }

  /** The flow as it would be deployed, once it is drawn: Node-RED draws with the next frame, and measures groups then. */
  flow(): Promise<FlowNode[]> {
    const frame = 'new Promise((resolve) => requestAnimationFrame(resolve))';
    return this.evaluate(`${frame}.then(() => ${frame}).then(() => RED.nodes.createCompleteNodeSet())`);
  }

  isDirty(): Promise<boolean> {
    return this.evaluate('RED.nodes.dirty()');
  }

  /** The drawing of a node on the canvas. */
  node(id: string): Locator {
    return this.page.locator(`#red-ui-workspace-chart [id="${id}"]`);
  }

  /**
   * Uploads a packed package in the palette manager; resolves once the editor has its nodes.
   * @returns what Node-RED answered
   */
  async installTarball(file: string, name: string): Promise<unknown> {
    const { page } = this;
    await this.invoke('core:manage-palette');
    await page.locator('#red-ui-settings-tab-palette .red-ui-tab').nth(1).click();
    await page.locator('#red-ui-palette-editor-upload-form input[name="tarball"]').setInputFiles(file);
    const answer = page.waitForResponse(
      (response) => response.url().endsWith('/nodes') && response.request().method() === 'POST',
      { timeout: LONG_MS },
    );
    await page.locator('.red-ui-palette-editor-upload-buttons .primary').click();
    const installed = await (await answer).json();
    await page.waitForFunction(`RED.nodes.registry.getModule('${name}') !== undefined`);
    await this.paletteEntry('websocket-plus in').waitFor({ state: 'attached' });
    await page.locator('.red-ui-palette-editor-upload').waitFor({ state: 'hidden' });
    await this.screenshot('palette-manager');
    await this.done();
    return installed;
  }

  /** Runs an action that has its own menu entry in Node-RED. */
  async invoke(action: string): Promise<void> {
    await this.evaluate(`RED.actions.invoke('${action}')`);
  }

  /** Runs an action as a user finds it: by its label in the action list. */
  async runFromActionList(label: string): Promise<void> {
    await this.invoke('core:show-action-list');
    const list = this.page.locator('.red-ui-search:visible');
    await list.locator('input').pressSequentially(label);
    await list.locator('.red-ui-search-result', { hasText: label }).click();
    await list.waitFor({ state: 'hidden' });
  }

  /** A type as the palette shows it. */
  paletteEntry(type: string): Locator {
    return this.page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
  }

  /** Drags a node from the palette to a place on the canvas. @returns its id */
  async drop(type: string, x: number, y: number): Promise<string> {
    const before = new Set((await this.flow()).map(({ id }) => id));
    const entry = this.paletteEntry(type);
    await entry.scrollIntoViewIfNeeded();
    const canvas = this.page.locator('#red-ui-workspace-chart');
    await entry.dragTo(canvas, { targetPosition: { x, y } });
    const made = (await this.flow()).find((node) => !before.has(node.id));
    if (made === undefined) throw new Error(`${type} was not dropped`);
    return made.id;
  }

  /** Draws a wire with the mouse. */
  async wire(from: string, to: string): Promise<void> {
    const source = this.node(from).locator('.red-ui-flow-port-output .red-ui-flow-port');
    const target = this.node(to).locator('.red-ui-flow-port-input .red-ui-flow-port');
    await source.hover();
    await this.page.mouse.down();
    await target.hover();
    await this.page.mouse.up();
  }

  /** Opens the dialog of a flow node. */
  async openDialog(id: string): Promise<void> {
    await this.node(id).dblclick();
    await this.#opened();
  }

  /** Opens the dialog of a config node, new or not, with the button that `id` names. */
  async openConfigDialog(id: string): Promise<void> {
    await this.page.locator(`#${id}`).click();
    await this.configDialogOpened();
  }

  /** Opens the dialog of a config node that exists. */
  async openConfigNode(id: string): Promise<void> {
    await this.evaluate(`RED.editor.editConfig('', RED.nodes.node('${id}').type, '${id}')`);
    await this.configDialogOpened();
  }

  /** Resolves when the dialog of a config node stands still. */
  async configDialogOpened(): Promise<void> {
    await this.page.locator('#node-config-dialog-ok').waitFor();
    await this.#opened();
  }

  /** Closes the topmost dialog with its primary button. */
  done(): Promise<void> {
    return this.#closeDialog('ok');
  }

  cancel(): Promise<void> {
    return this.#closeDialog('cancel');
  }

  async #closeDialog(how: 'ok' | 'cancel'): Promise<void> {
    const config = this.page.locator(`#node-config-dialog-${how}`);
    const button = (await config.isVisible()) ? config : this.page.locator(`#node-dialog-${how}`);
    await button.click();
    await button.waitFor({ state: 'detached' });
    await this.#settled();
  }

  /** The dialog on top. */
  get dialog(): Locator {
    return this.page.locator('.red-ui-tray').last();
  }

  /** A while after a dialog has slid in the editor puts the focus into it, and takes it from whoever was quicker. */
  async #opened(): Promise<void> {
    await this.#settled();
    await this.page.waitForFunction("$('.red-ui-tray').last().has(document.activeElement).length === 1");
  }

  /** Dialogs slide in and out; the editor ignores a click on a node meanwhile. */
  async #settled(): Promise<void> {
    await this.page.waitForFunction(
      "$(':animated').length === 0 && $('.red-ui-tray').get().every((tray) => tray.getAnimations().length === 0)",
    );
  }

  /** Deploys with the red button; resolves once the flows have started. */
  async deploy(): Promise<void> {
    const started = this.#nodeRed.logged(/Started (?:modified )?(?:flows|nodes)/, this.#nodeRed.log.length);
    await this.page.locator('#red-ui-header-button-deploy').click();
    await started;
    await this.page.waitForFunction('!RED.nodes.dirty()');
    for (const shade of ['#red-ui-header-shade', '#red-ui-full-shade'])
      await this.page.locator(shade).waitFor({ state: 'hidden' });
  }

  /** Keeps a picture of the page, or of a part of it. */
  async screenshot(name: string, part?: Locator): Promise<void> {
    const folder = join(ARTIFACTS, `node-red-${this.#version.replace('-git', '')}`);
    await mkdir(folder, { recursive: true });
    const options = { path: join(folder, `${name}.png`), animations: 'disabled' as const };
    await (part === undefined ? this.page.screenshot(options) : part.screenshot(options));
  }
}
