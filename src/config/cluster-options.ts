import { CLUSTER_SCHEMA } from './cluster-schema.js';
import type { Environment } from './embedded-variables.js';
import { type RawProperties, readProperties, type Values } from './schema.js';

/** A cluster's configuration, checked. */
export type ParsedCluster = Values<typeof CLUSTER_SCHEMA>;

/**
 * Reads the properties of a `websocket-plus-cluster`.
 * @param environment gives the variables inside of longer texts
 * @throws ConfigurationError
 */
export function parseClusterOptions(
  raw: RawProperties,
  secret: unknown,
  environment: Environment = () => undefined,
): ParsedCluster {
  return readProperties(CLUSTER_SCHEMA, { ...raw, secret }, environment);
}
