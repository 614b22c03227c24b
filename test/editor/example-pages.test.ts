import type { Page } from 'playwright-core';
import should from 'should';
import { browser } from '../support/editor/browser.js';
import { editorNodeRed } from '../support/editor/editor-node-red.js';
import { example, withVariable } from '../support/package/examples.js';
import type { NodeRedProcess } from '../support/package/node-red-process.js';

describe('the pages of the examples', function () {
  this.timeout(240_000); // Node-RED fetches the dependencies

  let nodeRed: NodeRedProcess;
  let page: Page;

  before(async () => {
    nodeRed = await editorNodeRed();
  });
  beforeEach(async () => {
    page = await (await browser()).newPage();
  });
  afterEach(() => page.close());

  /** Resolves when the page has said so for the `count`th time. */
  async function said(text: string, count = 1): Promise<void> {
    await page
      .locator('#log li', { hasText: text })
      .nth(count - 1)
      .waitFor();
  }

  it('06: renews its token by itself, until it is told not to', async () => {
    await nodeRed.deploy(withVariable(example('06'), 'RENEW_KEYS', `${nodeRed.url}/renew/jwks.json`));
    await page.goto(`${nodeRed.url}/renew`);
    await page.locator('#seconds').fill('2');
    await page.locator('button[value="connect"]').click();
    await said('Node-RED says: you are ann of acme, and you said hello');
    await said('expiring: ', 2);
    await said('authenticated: ', 3);
    await page.locator('#renew').uncheck();
    await said('Closed with 4401');
    should(await page.locator('#log li', { hasText: 'unauthorized' }).count()).equal(0);
  });

  it('07: lets in with the token of the issuer, and not with a forged one', async () => {
    await nodeRed.deploy(withVariable(example('07'), 'ISSUER', `${nodeRed.url}/issuer`));
    await page.goto(`${nodeRed.url}/issuer`);
    await page.locator('#alg').selectOption('RS256');
    await page.locator('button[value="good"]').click();
    await said('Node-RED says: you are ann of acme, and you said hello');
    await page.locator('button[value="forged"]').click();
    await said('Refused: nobody but the login can sign.');
    for (const [id, text] of [
      ['document', 'jwks_uri'],
      ['jwks', '"kid"'],
    ] as const) {
      const response = await page.request.get(String(await page.locator(`#${id}`).evaluate(href)));
      should(await response.text()).containEql(text);
    }
  });
});

/** Runs in the page. */
function href(link: unknown): string {
  return (link as { readonly href: string }).href; // an anchor
}
