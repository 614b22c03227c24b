import type { Instances } from '../cluster/questions.js';
import type { Seat } from '../cluster/seat.js';
import type { ControlOutcome, ControlRequest } from '../endpoint/control.js';
import type { TokenSelector } from '../sessions/selector.js';
import type { Answering } from './answering.js';
import type { Asking } from './asking.js';
import type { Control } from './control.js';
import { about } from './questions.js';
import type { Revoking } from './revoking.js';
import type { WideList } from './wide-list.js';

type Of<Kind extends ControlRequest['kind']> = Extract<ControlRequest, { kind: Kind }>;

interface Parts {
  /** Of this instance. */
  readonly control: Control;
  readonly answering: Answering;
  readonly revoking: Revoking;
  /** Of the others. */
  readonly seat: Seat;
  readonly asking: Asking;
  readonly list: WideList;
}

/** Does what flows ask of a listener that other instances serve, too: with the connections of all of them. */
export class ClusterControl {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Throws or rejects with a ControlError. */
  do(request: ControlRequest): ControlOutcome | Promise<ControlOutcome> {
    switch (request.kind) {
      case 'list':
        return this.#list(request);
      case 'count':
        return this.#count(request);
      case 'disconnect':
        return this.#disconnect(request);
      case 'revoke':
        return this.#revoke(request.tokens, request.seconds);
      case 'restore':
        return this.#restore(request.tokens);
      case 'revocations':
        return this.#revocations(request);
      default:
        return this.#parts.control.do(request);
    }
  }

  async #list(request: Of<'list'>): Promise<ControlOutcome> {
    const { rows, instances } = await this.#parts.list.page(request);
    return outcome(rows, instances);
  }

  async #count({ selector }: Of<'count'>): Promise<ControlOutcome> {
    const { seat, asking, answering } = this.#parts;
    if (selector.kind === 'everybody') return outcome(seat.headcount(undefined), asking.reach);
    const { session, subject, jti, tenantId } = selector;
    if (session === undefined && subject === undefined && jti === undefined) {
      return outcome(seat.headcount(tenantId), asking.reach);
    }
    const tenants = new Set<string | null>();
    let connections = 0;
    const instances = await asking.ask(
      { action: 'count', ...about(selector) },
      (rows) => {
        const isAsked = (row: unknown) =>
          isCountOfTenant(row) && (tenantId === undefined || tenantId === row[0]);
        if (!rows.every(isAsked)) return 'refused';
        add(rows as readonly CountOfTenant[]); // all of them are
        return 'taken';
      },
      selector,
    );
    add(answering.count(selector));
    tenants.delete(null);
    return outcome({ connections, tenants: tenants.size }, instances);

    function add(rows: readonly CountOfTenant[]): void {
      for (const [tenant, count] of rows) {
        tenants.add(tenant);
        connections += count;
      }
    }
  }

  async #disconnect({ selector, code, reason }: Of<'disconnect'>): Promise<ControlOutcome> {
    const { asking, control } = this.#parts;
    const elsewhere = new Sum();
    const asked = asking.ask(
      { action: 'disconnect', ...about(selector), code, reason },
      elsewhere.take,
      selector,
    );
    const here = control.disconnect(selector, { by: 'flow', code, reason });
    const instances = await asked;
    return outcome({ disconnected: here + elsewhere.total }, instances);
  }

  async #revoke(tokens: TokenSelector, seconds: number): Promise<ControlOutcome> {
    const { asking, revoking } = this.#parts;
    await revoking.ready();
    asking.checkRoom();
    const { disconnected, until } = revoking.revoke(tokens, seconds);
    const elsewhere = new Sum();
    const asked = asking.ask({ action: 'revoke', entries: revoking.entriesFor(tokens) }, elsewhere.take);
    const [instances] = await Promise.all([asked, revoking.save()]);
    return outcome({ disconnected: disconnected + elsewhere.total, until }, instances);
  }

  async #restore(tokens: TokenSelector): Promise<ControlOutcome> {
    const { asking, revoking } = this.#parts;
    await revoking.ready();
    asking.checkRoom();
    const { entry, isRestored } = revoking.restore(tokens);
    const elsewhere = new Sum();
    const asked = asking.ask({ action: 'restore', entries: [entry] }, elsewhere.take);
    const [instances] = await Promise.all([asked, revoking.save()]);
    return outcome({ restored: isRestored || elsewhere.total > 0 ? 1 : 0 }, instances);
  }

  /** This instance's are everybody's. */
  async #revocations(request: Of<'revocations'>): Promise<ControlOutcome> {
    const done = await this.#parts.control.do(request);
    return done.kind === 'payload' ? outcome(done.payload, this.#parts.asking.reach) : done;
  }
}

/** Adds up what others answer with one number each. */
class Sum {
  total = 0;

  readonly take = (rows: readonly unknown[]): 'taken' | 'refused' => {
    const [count] = rows;
    if (rows.length !== 1 || !isCount(count)) return 'refused';
    this.total += count;
    return 'taken';
  };
}

type CountOfTenant = readonly [tenantId: string | null, count: number];

function isCountOfTenant(row: unknown): row is CountOfTenant {
  if (!Array.isArray(row)) return false;
  const [tenantId, count] = row as readonly unknown[];
  return (typeof tenantId === 'string' || tenantId === null) && isCount(count);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function outcome(payload: unknown, instances: Instances): ControlOutcome {
  return { kind: 'payload', payload, instances };
}
