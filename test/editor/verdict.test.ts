import should from 'should';
import { CLAIMS, SECRET, seconds, token } from '../support/core/tokens.js';
import { editorNodeRed } from '../support/editor/editor-node-red.js';
import { EditorPage } from '../support/editor/editor-page.js';
import { TokenTrial } from '../support/editor/token-trial.js';

const FLOW = [
  { id: 'f', type: 'tab', label: 'Flow' },
  {
    id: 'l',
    type: 'websocket-plus-listener',
    path: '/ws/verdict',
    jwtValidation: 'hs256',
    credentials: { jwtSecret: SECRET },
  },
];

/** In the page: how far an element is from being seen whole inside its dialog and the window, in pixels. */
const HIDDEN_PART = (selector: string) => `(() => {
  const element = document.querySelector('${selector}');
  const box = element.getBoundingClientRect();
  const dialog = element.closest('.red-ui-tray-content').getBoundingClientRect();
  const top = Math.max(0, dialog.top);
  const bottom = Math.min(window.innerHeight, dialog.bottom);
  return Math.max(0, Math.ceil(top - box.top), Math.ceil(box.bottom - bottom));
})()`;

describe('the verdict on a token', function () {
  this.timeout(240_000); // Node-RED fetches the dependencies

  let editor: EditorPage;
  let trial: TokenTrial;

  before(async () => {
    const nodeRed = await editorNodeRed();
    await nodeRed.deploy(FLOW);
    editor = await EditorPage.open(nodeRed);
  });
  beforeEach(async () => {
    await editor.openConfigNode('l');
    trial = await TokenTrial.open(editor.page);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await editor.screenshot('failed-verdict');
    await editor.cancel();
  });
  after(() => editor.close());

  for (const [width, height] of [
    [1366, 768],
    [1440, 900],
    [1920, 1080],
    [1024, 500],
  ] as const) {
    it(`is seen without scrolling at ${width} x ${height}, as is the field before it`, async () => {
      await editor.page.setViewportSize({ width, height });
      should(await editor.evaluate(HIDDEN_PART('#websocket-plus-trial-token'))).equal(0);
      await trial.try(token({ ...CLAIMS, exp: seconds(-60) }));
      should(await editor.evaluate(HIDDEN_PART('#websocket-plus-verdict'))).equal(0);
      await trial.make({ subject: 'ann', tenant: 'acme' });
      should(await editor.evaluate(HIDDEN_PART('#websocket-plus-verdict'))).equal(0);
      await editor.screenshot(`verdict-${width}x${height}`);
      await trial.make({ lifetime: '0' });
      should(await editor.evaluate(HIDDEN_PART('#websocket-plus-verdict'))).equal(0);
      should(
        await editor.evaluate(
          "$('#red-ui-editor, #red-ui-main-container').get().map((part) => part.scrollTop)",
        ),
      ).eql([0, 0]);
      await editor.page.setViewportSize({ width: 1500, height: 1000 });
    });
  }

  it('is announced, and looks like an error where it is one', async () => {
    should(await trial.verdict.getAttribute('role')).equal('status');
    const color = () =>
      editor.evaluate<string>("getComputedStyle($('#websocket-plus-verdict')[0]).borderLeftColor");
    const named = (name: string) =>
      editor.evaluate<string>(
        `(() => { const probe = $('<p style="color: var(--red-ui-text-color-${name})">').appendTo('.websocket-plus');
          const found = getComputedStyle(probe[0]).color; probe.remove(); return found; })()`,
      );
    await trial.try(token(CLAIMS));
    should(await color()).equal(await named('success'));
    await trial.try('');
    should(await color()).equal(await named('error'));
    await trial.make({ tenant: '' });
    should(await trial.verdict.textContent()).match(/^Enter the tenant/);
    should(await color()).equal(await named('error'));
  });

  it('is asked for with Enter in the field of the token, and the dialog stays', async () => {
    await trial.field.fill(token(CLAIMS));
    await trial.field.press('Enter');
    should((await trial.outcome()).verdict).match(/^Accepted/);
    should(await trial.field.inputValue()).not.match(/\n/);
    should(await editor.page.locator('#node-config-dialog-ok').isVisible()).be.true();
  });

  it('is asked for with Enter in a field of the test token, which makes one, and the dialog stays', async () => {
    await trial.section.locator('.websocket-plus-make > summary').click();
    for (const field of ['tenant', 'subject', 'lifetime']) {
      await editor.page.locator('#websocket-plus-make-tenant').fill(`tenant of ${field}`);
      await editor.page.locator(`#websocket-plus-make-${field}`).press('Enter');
      should((await trial.outcome()).session).containEql({ tenantId: `tenant of ${field}` });
    }
    should(await editor.page.locator('#node-config-dialog-ok').isVisible()).be.true();
  });
});
