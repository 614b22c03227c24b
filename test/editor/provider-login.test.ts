import type { Page } from 'playwright-core';
import should from 'should';
import type { Issuer } from '../../src/keys/issuer.js';
import { issuer } from '../support/core/issuers.js';
import { ListenerServer } from '../support/core/listener-server.js';
import { browser } from '../support/editor/browser.js';
import { LoginPage } from '../support/provider/login-page.js';
import { AUDIENCE, OidcServer, PAGE_CLIENT } from '../support/provider/oidc-server.js';
import { signingKey } from '../support/provider/signing-key.js';

/** A token is good so much longer, in seconds: what a new issuer has. */
const TOLERANCE = 5;

describe('a page that logs in at an OpenID provider', function () {
  this.timeout(60_000);

  let loginPage: LoginPage;
  let provider: OidcServer;
  let made: Issuer;
  let server: ListenerServer;
  let page: Page;

  before(async () => {
    loginPage = await LoginPage.start();
    provider = await OidcServer.start({ keys: [await signingKey('rsa-1')], redirectUri: loginPage.url });
    made = issuer('i', {
      issuer: provider.issuer,
      keysFrom: 'discovery',
      audience: AUDIENCE,
      tokenType: 'at+jwt',
      clockTolerance: String(TOLERANCE),
    });
    const properties = {
      jwtValidation: 'issuers',
      issuer: 'i',
      tokenSources: ['message', 'protocol'],
      origins: new URL(loginPage.url).origin,
    };
    server = await ListenerServer.start({ properties, issuers: [made] });
    server.listener.attach(({ payload, _session }) => {
      const { tenantId, subject } = _session as { readonly tenantId: string; readonly subject: string };
      server.listener.send(
        {
          payload: JSON.stringify({ to: subject, of: tenantId, said: JSON.parse(String(payload)) }),
          _session,
        },
        () => {},
      );
    });
    loginPage.settings = {
      issuer: provider.issuer,
      clientId: PAGE_CLIENT,
      resource: AUDIENCE,
      socketUrl: server.url(),
    };
    page = await (await browser()).newPage();
    // the provider's own pages would like a font from elsewhere
    await page.route(
      (url) => url.hostname !== '127.0.0.1',
      (route) => route.abort(),
    );
  });
  after(async () => {
    await page?.context().close();
    await server?.stop();
    made?.close();
    await provider?.stop();
    await loginPage?.stop();
  });

  it('gets an access token with the authorization code flow and PKCE', async () => {
    await page.goto(loginPage.url);
    await page.locator('#login').click();
    await page.locator('input[name="login"]').fill('ann@acme');
    await page.locator('input[name="password"]').fill('any');
    await page.locator('button[type="submit"]').click();
    await page.locator('button[type="submit"]', { hasText: 'Continue' }).click();
    await page.locator('#state', { hasText: /./ }).waitFor();
    should(await page.locator('#state').textContent()).equal('logged in');
    should(page.url()).equal(loginPage.url);
  });

  it('shows it in its first message, and a newer one on the same connection', async () => {
    provider.lifetimeSeconds = 600;
    const [connected, renewed] = [server.next('connect'), server.next('renewed')];
    const { first, answer, renewed: again, later } = (await page.evaluate('byMessage()')) as Talk;
    should(first).have.property('type', 'authenticated');
    should(Number(first.expiresIn)).be.within(290, 300 + TOLERANCE);
    should(answer).eql({ to: 'ann@acme', of: 'acme', said: 'hello' });
    should(again).have.property('type', 'authenticated');
    should(Number(again.expiresIn)).be.within(590, 600 + TOLERANCE);
    should(later).eql({ to: 'ann@acme', of: 'acme', said: 'still here' });
    should((await renewed).session.id).equal((await connected).session.id);
  });

  it('offers it as a subprotocol, of which nothing comes back', async () => {
    should(await page.evaluate('byProtocol()')).eql({
      protocol: 'chat',
      answer: { to: 'ann@acme', of: 'acme', said: 'hello' },
    });
  });

  it('does not get in with its ID token, which is for the page itself', async () => {
    const refused = server.next('refused');
    should(await page.evaluate('withIdToken()')).eql([
      { type: 'unauthorized', error: 'token_invalid' },
      { closed: 4401, reason: 'token_invalid' },
    ]);
    should((await refused).because).eql({ cause: 'type' });
  });
});

interface Talk {
  readonly first: Readonly<Record<string, unknown>>;
  readonly answer: unknown;
  readonly renewed: Readonly<Record<string, unknown>>;
  readonly later: unknown;
}
