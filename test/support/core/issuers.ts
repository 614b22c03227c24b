import { type IssuerCredentials, parseIssuerOptions } from '../../../src/config/issuer-options.js';
import type { RawProperties } from '../../../src/config/schema.js';
import { type Issuer, type IssuerSettings, openIssuer } from '../../../src/keys/issuer.js';

/** As a flow file would make it: the properties, credentials among them. */
export function issuer(
  id: string,
  { secret, previousSecret, keysAuthorization, ...properties }: RawProperties,
  settings: IssuerSettings = {},
): Issuer {
  const credentials = { secret, previousSecret, keysAuthorization } as IssuerCredentials; // a test may want others
  return openIssuer(id, parseIssuerOptions(properties, credentials), settings);
}
