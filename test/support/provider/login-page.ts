import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the page is told: where it logs in, as which client, and for what. */
export interface LoginSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly resource: string;
  /** Of the listener. */
  readonly socketUrl: string;
}

/**
 * A web page that logs its user in as single-page apps do: authorization code flow with PKCE (RFC 7636), the provider's
 * endpoints from its document, tokens kept in memory. It has no server of its own behind it.
 */
export class LoginPage {
  settings: LoginSettings | undefined;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`${HEAD}<script>const settings = ${JSON.stringify(this.settings)};${SCRIPT}</script>`);
    });
  }

  static async start(): Promise<LoginPage> {
    const page = new LoginPage();
    page.#server.listen(0, '127.0.0.1');
    await once(page.#server, 'listening');
    return page;
  }

  /** Where it is, and where the provider sends its user back to. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

const HEAD = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<link rel="icon" href="data:,">
<title>A page</title>
<button id="login">Log in</button>
<p id="state"></p>
`;

const SCRIPT = `
const state = (text) => { document.getElementById('state').textContent = text; };
const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));
const discover = async () => (await fetch(settings.issuer + '/.well-known/openid-configuration')).json();
const { clientId: client_id, resource } = settings;
const redirect_uri = location.origin + '/';

document.getElementById('login').onclick = async () => {
  const verifier = random();
  const stateParameter = random();
  sessionStorage.setItem('login', JSON.stringify({ verifier, state: stateParameter }));
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  const { authorization_endpoint } = await discover();
  location.assign(authorization_endpoint + '?' + new URLSearchParams({
    client_id, redirect_uri, resource,
    response_type: 'code',
    scope: 'openid offline_access chat',
    prompt: 'consent', // OpenID Connect Core 1.0 §11 asks for it where offline_access is
    state: stateParameter,
    code_challenge: base64url(new Uint8Array(hash)),
    code_challenge_method: 'S256',
  }));
};

let tokens;
async function tokensFor(parameters) {
  const { token_endpoint } = await discover();
  const body = new URLSearchParams({ client_id, resource, ...parameters });
  const response = await fetch(token_endpoint, { method: 'POST', body });
  if (!response.ok) throw new Error('no token: ' + response.status);
  tokens = await response.json();
}

async function comeBack() {
  const answer = new URLSearchParams(location.search);
  if (!answer.has('code')) return;
  const { verifier, state: expected } = JSON.parse(sessionStorage.getItem('login'));
  if (answer.get('state') !== expected || answer.get('iss') !== settings.issuer) throw new Error('not our login');
  history.replaceState(null, '', '/');
  await tokensFor({ grant_type: 'authorization_code', code: answer.get('code'), redirect_uri, code_verifier: verifier });
  state('logged in');
}

/** What comes is taken in order, also what came before it was asked for. */
function conversation(socket) {
  const came = [], waiting = [];
  const push = (item) => (waiting.length > 0 ? waiting.shift()(item) : came.push(item));
  socket.onmessage = ({ data }) => push(JSON.parse(data));
  socket.onclose = ({ code, reason }) => push({ closed: code, reason });
  return { next: () => (came.length > 0 ? Promise.resolve(came.shift()) : new Promise((resolve) => waiting.push(resolve))) };
}
function opened(socket) {
  return new Promise((resolve, reject) => { socket.onopen = resolve; socket.onerror = () => reject(new Error('refused')); });
}
const authenticate = () => JSON.stringify({ type: 'authenticate', token: tokens.access_token });

/** Logs in by the first message, says hello, gets a newer token and shows that one, too. */
async function byMessage() {
  const socket = new WebSocket(settings.socketUrl);
  const { next } = conversation(socket);
  await opened(socket);
  socket.send(authenticate());
  const first = await next();
  socket.send(JSON.stringify('hello'));
  const answer = await next();
  await tokensFor({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
  socket.send(authenticate());
  const renewed = await next();
  socket.send(JSON.stringify('still here'));
  const later = await next();
  socket.close();
  return { first, answer, renewed, later };
}

/** Shows the token as a subprotocol. */
async function byProtocol() {
  const socket = new WebSocket(settings.socketUrl, ['chat', 'bearer.' + tokens.access_token]);
  const { next } = conversation(socket);
  await opened(socket);
  socket.send(JSON.stringify('hello'));
  const answer = await next();
  socket.close();
  return { protocol: socket.protocol, answer };
}

/** Shows the ID token in place of the access token. */
async function withIdToken() {
  const socket = new WebSocket(settings.socketUrl);
  const { next } = conversation(socket);
  await opened(socket);
  socket.send(JSON.stringify({ type: 'authenticate', token: tokens.id_token }));
  return [await next(), await next()];
}

comeBack().catch((error) => state(String(error)));
`;
