import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Queue } from '../core/queue.js';
import type { SigningKey } from './signing-key.js';

/** What access tokens are for: `aud` of each. */
export const AUDIENCE = 'https://chat.example.com/ws';

/** The client of the browser: public, with PKCE (RFC 7636). */
export const PAGE_CLIENT = 'page';

/** What the backend of a tenant shows; its `client_id` is the tenant's name. */
export const BACKEND_SECRET = 'what only the backend of a tenant knows';

/** Tenants whose backends are clients of their own, with their name as `client_id`. */
const TENANTS = ['acme', 'globex'];

/** Nobody logs in. */
const NOWHERE = 'http://127.0.0.1:1/';

export interface OidcServerOptions {
  readonly keys: readonly SigningKey[];
  /** Where the page of PAGE_CLIENT is. */
  readonly redirectUri?: string;
}

/**
 * A real OpenID provider on 127.0.0.1: what a listener, a backend or a browser is told comes from `oidc-provider`. The
 * tenant is in a claim of its own: a backend's is its name, a person's is what follows the `@` of the name.
 */
export class OidcServer {
  /** How access tokens are signed from now on. */
  alg = 'RS256';
  /** How long they live, in seconds. */
  lifetimeSeconds = 300;
  /** The path of each request, in order. */
  readonly asked = new Queue<string>();
  readonly #server: Server;
  readonly #redirectUri: string;
  #answer: RequestListener = (_request, response) => response.writeHead(503).end();
  #adapter: unknown; // what it knows outlives a change of keys
  #port = 0;

  private constructor(redirectUri: string) {
    this.#redirectUri = redirectUri;
    this.#server = createServer((request, response) => {
      this.asked.push(request.url ?? '');
      this.#answer(request, response);
    });
  }

  static async start({ keys, redirectUri = NOWHERE }: OidcServerOptions): Promise<OidcServer> {
    const provider = new OidcServer(redirectUri);
    await provider.up();
    await provider.publish(keys);
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Listens, at the same port as before. */
  async up(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Nobody is there any more, until `up`. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Publishes these keys from now on, and signs with the first one that is fit for `alg`, as after a restart. */
  async publish(keys: readonly SigningKey[]): Promise<void> {
    const { Provider } = await import('oidc-provider');
    const { createMemoryAdapter } = await import('oidc-provider/lib/adapters/memory_adapter.js');
    this.#adapter ??= createMemoryAdapter(0);
    const configuration = { ...this.#configuration(), adapter: this.#adapter, jwks: { keys } };
    this.#answer = new Provider(this.issuer, configuration).callback();
  }

  /** An access token of a tenant's own backend (RFC 6749 §4.4). */
  async backendToken(tenant = 'acme'): Promise<string> {
    const response = await fetch(`${this.issuer}/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${tenant}:${encodeURIComponent(BACKEND_SECRET)}`).toString('base64')}`,
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource: AUDIENCE, scope: 'chat' }),
    });
    const { access_token: token } = (await response.json()) as { readonly access_token?: string };
    if (token === undefined) throw new Error(`the provider answered ${response.status}`);
    return token;
  }

  #configuration(): Record<string, unknown> {
    const hour = 3600;
    return {
      clients: [
        ...TENANTS.map((tenant) => ({
          client_id: tenant,
          client_secret: BACKEND_SECRET,
          grant_types: ['client_credentials'],
          redirect_uris: [],
          response_types: [],
        })),
        {
          client_id: PAGE_CLIENT,
          token_endpoint_auth_method: 'none',
          application_type: 'native', // the only one that may have a page at http://127.0.0.1
          grant_types: ['authorization_code', 'refresh_token'],
          redirect_uris: [this.#redirectUri],
          response_types: ['code'],
        },
      ],
      scopes: ['openid', 'offline_access', 'chat'],
      features: {
        clientCredentials: { enabled: true },
        devInteractions: { enabled: this.#redirectUri !== NOWHERE },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => AUDIENCE,
          useGrantedResource: () => true,
          getResourceServerInfo: () => ({
            scope: 'chat',
            audience: AUDIENCE,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: this.alg } },
          }),
        },
      },
      cookies: { keys: ['the key of the cookies of a test'] },
      ttl: {
        AccessToken: () => this.lifetimeSeconds,
        ClientCredentials: () => this.lifetimeSeconds,
        Grant: hour,
        IdToken: hour,
        Interaction: hour,
        RefreshToken: hour,
        Session: hour,
      },
      clientBasedCORS: () => true,
      issueRefreshToken: () => true,
      findAccount: (_context: unknown, accountId: string) => ({
        accountId,
        claims: () => ({ sub: accountId }),
      }),
      extraTokenClaims: (_context: unknown, token: IssuedToken) => ({
        tenant_id: token.accountId?.split('@')[1] ?? token.clientId,
      }),
    };
  }
}

/** What a provider knows of a token that it makes. */
interface IssuedToken {
  readonly clientId: string;
  readonly accountId?: string;
}
