import { type ListenerOptions, onlyTenantOf } from '../config/listener-options.js';
import { ControlError, type ControlOutcome, type ControlRequest } from '../endpoint/control.js';
import type { Connection } from '../sessions/connection.js';
import { CLOSE, type Ending } from '../sessions/endings.js';
import { dateOf, expiryOf } from '../sessions/lifetime.js';
import { Pages } from '../sessions/pages.js';
import type { Connected } from '../sessions/registry.js';
import type { Revocation } from '../sessions/revocation.js';
import { type Revocations, RevocationsFull } from '../sessions/revocations.js';
import { type Selector, select, type TokenSelector } from '../sessions/selector.js';
import type { Session } from '../sessions/session.js';
import type { SessionIds } from '../sessions/session-id.js';

/** What actions have to do with. */
interface Controlled {
  readonly connected: Connected;
  readonly revocations: Revocations;
  readonly sessionIds: SessionIds;
}

/** Does what flows ask of a listener about its connections. */
export class Control {
  readonly #options: ListenerOptions;
  readonly #connected: Connected;
  readonly #revocations: Revocations;
  readonly #sessionIds: SessionIds;
  readonly #pages: Pages;

  constructor(options: ListenerOptions, { connected, revocations, sessionIds }: Controlled) {
    this.#options = options;
    this.#connected = connected;
    this.#revocations = revocations;
    this.#sessionIds = sessionIds;
    this.#pages = new Pages(connected);
  }

  /** Throws or rejects with a ControlError. */
  do(request: ControlRequest): ControlOutcome | Promise<ControlOutcome> {
    switch (request.kind) {
      case 'list': {
        const page = this.#pages.page(request);
        if (page === undefined) throw new ControlError('control-after');
        return payload(page.map((connection) => this.#row(connection)));
      }
      case 'count':
        return payload(this.#count(request.selector));
      case 'disconnect': {
        const { selector, code, reason } = request;
        return payload({ disconnected: this.disconnect(selector, { by: 'flow', code, reason }) });
      }
      case 'revoke':
        return this.#revoke(request.tokens, request.seconds);
      case 'restore':
        return this.#restore(request.tokens);
      case 'revocations':
        return this.#list();
      case 'address':
        return { kind: 'session', session: this.#address(request.tenantId) };
      case 'connect':
      case 'close':
        throw new ControlError('control-unsupported');
    }
  }

  /**
   * Closes connections.
   * @returns how many; those that were being closed already do not count
   */
  disconnect(selector: Selector, ending: Ending): number {
    const open = select(this.#connected, selector).filter(({ closing }) => !closing);
    for (const connection of open) connection.close(ending);
    return open.length;
  }

  #row(connection: Connection) {
    const { address, connectedAt, bufferedBytes, identity, traffic } = connection;
    return {
      session: connection.session(),
      address,
      connectedAt,
      expiresAt: dateOf(expiryOf(identity, this.#options)),
      received: traffic.received,
      sent: traffic.sent,
      bufferedBytes,
    };
  }

  #count(selector: Selector) {
    if (selector.kind === 'everybody') {
      return { connections: this.#connected.size, tenants: this.#connected.tenants };
    }
    const connections = select(this.#connected, selector);
    const tenants = new Set(connections.map(({ identity }) => identity.tenantId));
    tenants.delete(null);
    return { connections: connections.length, tenants: tenants.size };
  }

  async #revoke(tokens: TokenSelector, seconds: number): Promise<ControlOutcome> {
    await this.#mayRevoke();
    const { until } = this.#add(tokens, seconds);
    const disconnected = this.disconnect({ kind: 'matching', ...tokens }, CLOSE.tokenRevoked);
    await this.#save();
    return payload({ disconnected, until });
  }

  #add(tokens: TokenSelector, seconds: number): Revocation {
    try {
      return this.#revocations.add(tokens, seconds);
    } catch (cause) {
      if (cause instanceof RevocationsFull) throw new ControlError(cause.code, { cause });
      throw cause;
    }
  }

  async #restore(tokens: TokenSelector): Promise<ControlOutcome> {
    await this.#mayRevoke();
    const restored = this.#revocations.remove(tokens) ? 1 : 0;
    await this.#save();
    return payload({ restored });
  }

  async #list(): Promise<ControlOutcome> {
    await this.#mayRevoke();
    return payload(this.#revocations.list().map((revocation) => ({ ...revocation })));
  }

  /** Rejects where nobody is asked for a token, so that none could be refused. */
  async #mayRevoke(): Promise<void> {
    if (this.#options.validation.kind === 'none') throw new ControlError('control-unsupported');
    try {
      await this.#revocations.loading;
    } catch (cause) {
      throw new ControlError('revocations-failed', { cause });
    }
  }

  async #save(): Promise<void> {
    try {
      await this.#revocations.save();
    } catch (cause) {
      throw new ControlError('control-not-saved', { cause });
    }
  }

  /** A session that proves the tenant to all listeners of this runtime, as that of a connection does. */
  #address(tenantId: string): Session {
    const only = onlyTenantOf(this.#options);
    if (only !== undefined && only !== tenantId) throw new ControlError('control-tenant');
    const { scope } = this.#options;
    const id = this.#sessionIds.issue(tenantId);
    return { type: 'websocket', id, tenantId, authStatus: 'none', routingScope: scope };
  }
}

function payload(value: unknown): ControlOutcome {
  return { kind: 'payload', payload: value };
}
