import type { TokenOrigin, TokenVariable } from '../config/client-options.js';
import { GrantedTokens } from './granted-tokens.js';
import { TokenFailure } from './token-failure.js';
import type { ClientWorld, Supplied, Token, TokenSupply } from './token-supply.js';

/** Makes the supply that a configuration asks for. */
export function openTokenSupply(origin: TokenOrigin, world: ClientWorld): TokenSupply {
  switch (origin.kind) {
    case 'none':
      return constant('none', { kind: 'none' });
    case 'fixed':
      return constant('same', tokenOf(origin.token));
    case 'variable':
      return variable(origin.variable, world);
    case 'grant':
      return new GrantedTokens(origin.grant, (url) => world.route(url));
  }
}

function constant(kind: 'none' | 'same', supplied: Supplied): TokenSupply {
  return {
    kind,
    next: () => supplied,
    newer: async () => supplied,
    refused: () => {},
    close: () => {},
  };
}

function variable(which: TokenVariable, world: ClientWorld): TokenSupply {
  const read = async () => {
    let value: unknown;
    try {
      value = await world.readVariable(which);
    } catch {
      value = undefined; // a store that fails has none
    }
    if (typeof value !== 'string' || value.trim() === '') throw new TokenFailure('no token');
    return tokenOf(value.trim());
  };
  return { kind: 'changing', next: read, newer: read, refused: () => {}, close: () => {} };
}

function tokenOf(text: string): Token {
  return { kind: 'token', text, obtainedAtMs: Date.now(), expiresAtMs: Number.POSITIVE_INFINITY };
}
