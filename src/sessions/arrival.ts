import type { IncomingMessage } from 'node:http';
import type { Identity } from '../token/identity.js';
import type { Connection } from './connection.js';

/** What a peer has told of itself in its upgrade request, and what its token says; absent: it did not. */
export interface ArrivalFacts {
  readonly address: string;
  readonly origin?: string;
  readonly userAgent?: string;
  /** The subprotocol that was chosen (RFC 6455 §1.9). */
  readonly protocol?: string;
  /** The parameters of the URL without the token; a list where one is repeated. */
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** A copy of the verified claims. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** A connection that has just come, for whoever wants to know more of it than its session. */
export class Arrival {
  readonly #connection: Connection;
  readonly #identity: Identity;
  readonly #request: IncomingMessage;

  constructor(connection: Connection, request: IncomingMessage) {
    this.#connection = connection;
    this.#identity = connection.identity; // it may have a newer one by the time somebody asks
    this.#request = request;
  }

  facts(): ArrivalFacts {
    const { address, protocol } = this.#connection;
    const { origin, 'user-agent': userAgent } = this.#request.headers;
    return {
      address,
      ...(origin === undefined ? {} : { origin }),
      ...(userAgent === undefined ? {} : { userAgent }),
      ...(protocol === '' ? {} : { protocol }),
      query: queryOf(this.#request.url ?? ''),
      claims: structuredClone(this.#identity.claims),
    };
  }

  /** Reads nothing more from the peer until `resume`. */
  pause(): void {
    this.#connection.pause();
  }

  resume(): void {
    this.#connection.resume();
  }
}

/** Names that a flow must not find in an object: what a token may stand in, and what an object inherits from. */
const LEFT_OUT: readonly string[] = ['token', '__proto__'];

function queryOf(url: string): ArrivalFacts['query'] {
  const at = url.indexOf('?');
  const parameters = new URLSearchParams(at === -1 ? '' : url.slice(at + 1));
  const names = [...new Set(parameters.keys())].filter((name) => !LEFT_OUT.includes(name));
  return Object.fromEntries(
    names.map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}
