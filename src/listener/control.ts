import { type ListenerOptions, onlyTenantOf } from '../config/listener-options.js';
import { ControlError, type ControlOutcome, type ControlRequest } from '../endpoint/control.js';
import type { Ending } from '../sessions/endings.js';
import { Pages } from '../sessions/pages.js';
import type { Connected } from '../sessions/registry.js';
import { type Selector, select, type TokenSelector } from '../sessions/selector.js';
import type { Session } from '../sessions/session.js';
import type { SessionIds } from '../sessions/session-id.js';
import { rowOf } from './connection-row.js';
import type { Revoking } from './revoking.js';

/** What actions have to do with. */
interface Controlled {
  readonly connected: Connected;
  readonly revoking: Revoking;
  readonly sessionIds: SessionIds;
}

/** Does what flows ask of a listener about its connections. */
export class Control {
  readonly #options: ListenerOptions;
  readonly #connected: Connected;
  readonly #revoking: Revoking;
  readonly #sessionIds: SessionIds;
  readonly #pages: Pages;

  constructor(options: ListenerOptions, { connected, revoking, sessionIds }: Controlled) {
    this.#options = options;
    this.#connected = connected;
    this.#revoking = revoking;
    this.#sessionIds = sessionIds;
    this.#pages = new Pages(connected);
  }

  /** Throws or rejects with a ControlError. */
  do(request: ControlRequest): ControlOutcome | Promise<ControlOutcome> {
    switch (request.kind) {
      case 'list': {
        const page = this.#pages.page(request);
        if (page === undefined) throw new ControlError('control-after');
        return payload(page.map((connection) => rowOf(connection, this.#options)));
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
    await this.#revoking.ready();
    const { disconnected, until } = this.#revoking.revoke(tokens, seconds);
    await this.#revoking.save();
    return payload({ disconnected, until });
  }

  async #restore(tokens: TokenSelector): Promise<ControlOutcome> {
    await this.#revoking.ready();
    const { isRestored } = this.#revoking.restore(tokens);
    await this.#revoking.save();
    return payload({ restored: isRestored ? 1 : 0 });
  }

  async #list(): Promise<ControlOutcome> {
    await this.#revoking.ready();
    return payload(this.#revoking.list().map((revocation) => ({ ...revocation })));
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
