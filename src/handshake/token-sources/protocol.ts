import { type FieldCarrier, fieldLines } from './field-lines.js';

/** What stands before a token that is offered as a subprotocol. */
const PREFIX = /^bearer\./i;

/** What a request offers as subprotocols (RFC 6455 §4.1). */
export interface Offer {
  readonly tokens: readonly string[];
  /** Whether there is a subprotocol among it that can be accepted. */
  readonly hasOther: boolean;
}

/** Tells tokens from subprotocols. */
export function readOffer(request: FieldCarrier): Offer {
  const offered = fieldLines(request, 'Sec-WebSocket-Protocol')
    .flatMap((line) => line.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const tokens = offered.filter(isToken).map((name) => name.replace(PREFIX, ''));
  return { tokens, hasOther: offered.length > tokens.length };
}

/** The first subprotocol that is no token; false: none is accepted. A token is never echoed, whether it is looked at or not. */
export function acceptedProtocol(offered: ReadonlySet<string>): string | false {
  for (const name of offered) if (!isToken(name)) return name;
  return false;
}

function isToken(name: string): boolean {
  return PREFIX.test(name);
}
