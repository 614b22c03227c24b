import type { ListenerOptions } from '../config/listener-options.js';
import type { ControlRequest } from '../endpoint/control.js';
import { readControlRequest } from '../endpoint/control-request.js';
import type { Connected } from '../sessions/registry.js';
import { type Selector, select } from '../sessions/selector.js';
import { rowOf } from './connection-row.js';
import type { Control } from './control.js';
import { type Positions, readPosition } from './positions.js';
import type { Revoking } from './revoking.js';

/** Answers other instances: what they ask is read as strictly as what a flow of this one asks. */
export class Answering {
  readonly #options: ListenerOptions;
  readonly #connected: Connected;
  readonly #control: Control;
  readonly #positions: Positions;
  readonly #revoking: Revoking;

  constructor(
    options: ListenerOptions,
    parts: {
      readonly connected: Connected;
      readonly control: Control;
      readonly positions: Positions;
      readonly revoking: Revoking;
    },
  ) {
    this.#options = options;
    this.#connected = parts.connected;
    this.#control = parts.control;
    this.#positions = parts.positions;
    this.#revoking = parts.revoking;
  }

  /** @returns rows; throws or rejects where there is no answer */
  answer(question: unknown): readonly unknown[] | Promise<readonly unknown[]> | undefined {
    const { action, from, entries, ...members } = Object(question) as Readonly<Record<string, unknown>>;
    switch (action) {
      case 'list':
      case 'count':
      case 'disconnect':
        return this.#do(readControlRequest(action, members), from);
      case 'revoke':
        return this.#revoking.follow(entries).then(({ disconnected }) => [disconnected]);
      case 'restore':
        return this.#revoking.follow(entries).then(({ isRestored }) => [isRestored ? 1 : 0]);
      case 'where': {
        const position =
          typeof members.session === 'string' ? this.#positions.find(members.session) : undefined;
        return position === undefined ? [] : [position];
      }
      default:
        return undefined;
    }
  }

  /** How many connections each tenant has of those that are meant. */
  count(selector: Selector): readonly (readonly [string | null, number])[] {
    const counts = new Map<string | null, number>();
    for (const { identity } of select(this.#connected, selector)) {
      counts.set(identity.tenantId, (counts.get(identity.tenantId) ?? 0) + 1);
    }
    return [...counts];
  }

  #do(request: ControlRequest, from: unknown): readonly unknown[] | undefined {
    if (request.kind === 'list') {
      const after = readPosition(from);
      if (from !== undefined && after === undefined) return undefined;
      const page = this.#positions.page(request.selector, request.limit, after);
      return page.map((connection) => [connection.number, rowOf(connection, this.#options)]);
    }
    if (request.kind === 'count') return this.count(request.selector);
    if (request.kind !== 'disconnect') return undefined;
    const { selector, code, reason } = request;
    return [this.#control.disconnect(selector, { by: 'flow', code, reason })];
  }
}
