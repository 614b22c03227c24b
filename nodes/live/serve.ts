import type { Request, Response } from 'express';
import type { NodeAPI } from 'node-red';
import { LiveRefusal } from './live-error.js';

type Fields = Readonly<Record<string, unknown>>;

type AuditLine = Parameters<NodeAPI['log']['audit']>[0];

/** A request, as far as it matters. */
export interface Asked {
  /** Of the path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Fields;
  readonly body: Fields;
}

export type Answer = (asked: Asked) => object | Promise<object>;

/** Routes of the admin API: nothing of what they answer is stored on the way, and an error is `{"error":code}`. */
export class Routes {
  readonly #RED: NodeAPI;

  constructor(RED: NodeAPI) {
    this.#RED = RED;
  }

  get(path: string, permission: string, answer: Answer): void {
    const allowed = this.#RED.auth.needsPermission(permission);
    this.#RED.httpAdmin.get(path, allowed, (request, response) => {
      void reply(response, () => answer(askedOf(request, {})));
    });
  }

  /** @param event what the audit log calls it */
  post(path: string, permission: string, event: string, answer: Answer): void {
    const allowed = this.#RED.auth.needsPermission(permission);
    this.#RED.httpAdmin.post(path, allowed, (request, response) => {
      void reply(response, () => answer(askedOf(request, bodyOf(request)))).then((error) => {
        // what it was about stays out: tenants and subjects are people
        const line = { event: `websocket-plus.${event}`, listener: request.params.id };
        // the types want a level, which Node-RED sets itself
        const whole = (error === undefined ? line : { ...line, error }) as unknown as AuditLine;
        this.#RED.log.audit(whole, request);
      });
    });
  }
}

/** @returns the code of what went wrong */
async function reply(
  response: Response,
  answer: () => object | Promise<object>,
): Promise<string | undefined> {
  response.setHeader('Cache-Control', 'no-store');
  try {
    response.json(await answer());
    return undefined;
  } catch (error) {
    const { status, code } = error instanceof LiveRefusal ? error : new LiveRefusal('live-failed');
    response.status(status).json({ error: code });
    return code;
  }
}

function askedOf({ params, query }: Request, body: Fields): Asked {
  const texts = Object.entries(params).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value]] : [],
  );
  return { params: Object.fromEntries(texts), query, body };
}

/** Of all bodies that Node-RED parses, the one that no form of another site can send. @throws LiveRefusal */
function bodyOf(request: Request): Fields {
  const body: unknown = request.is('application/json') ? request.body : undefined;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new LiveRefusal('bad-request');
  return body as Fields; // an object, whatever is in it
}
