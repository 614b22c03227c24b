import { generateKeyPairSync, type JsonWebKey, type KeyObject, randomBytes } from 'node:crypto';
import { JwksServer } from '../../support/core/jwks-server.js';
import type { SigningKey } from '../load/tokens.js';
import type { Algorithm, VerificationKeys } from '../peers/peer-spec.js';

/** Both sides of a login. */
export interface KeyMaterial {
  readonly signing: SigningKey;
  readonly verification: VerificationKeys;
}

/** Keys of this run, one of each kind, and the endpoint that publishes the public ones. */
export class KeyRing {
  readonly #server: JwksServer;
  readonly #secret = randomBytes(32).toString('base64url');
  readonly #private: Readonly<Record<Algorithm, JsonWebKey>>;
  readonly #public: readonly JsonWebKey[];

  private constructor(server: JwksServer, rsa: KeyObject, ec: KeyObject, published: readonly JsonWebKey[]) {
    this.#server = server;
    this.#private = { HS256: {}, RS256: named(rsa, 'RS256'), ES256: named(ec, 'ES256') };
    this.#public = published;
  }

  static async create(): Promise<KeyRing> {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const published = [named(rsa.publicKey, 'RS256'), named(ec.publicKey, 'ES256')];
    return new KeyRing(await JwksServer.start(published), rsa.privateKey, ec.privateKey, published);
  }

  material(algorithm: Algorithm): KeyMaterial {
    const secret = this.#secret;
    return {
      signing: { algorithm, secret, jwk: { ...this.#private[algorithm] } },
      verification: {
        algorithm,
        secret,
        jwks: { keys: this.#public.map((key) => ({ ...key })) },
        jwksUri: this.#server.uri,
      },
    };
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }
}

function named(key: KeyObject, alg: Algorithm): JsonWebKey {
  return { ...key.export({ format: 'jwk' }), kid: alg, alg };
}
