import type { ConfigurationProblem } from './codes.js';
import { credential, text, trimmed } from './properties.js';
import { secretProblem } from './secret.js';

/** A part of a topic's name, without what brokers read into names (MQTT 5 §4.7): wildcards, `$`, empty levels. */
const PREFIX = /^[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*$/;

/** The properties of a `websocket-plus-cluster`, in the order in which problems are told. */
export const CLUSTER_SCHEMA = {
  name: trimmed('name'),
  broker: text('broker-missing', { check: (id) => (id === '' ? 'broker-missing' : undefined) }),
  secret: credential(text('cluster-secret-missing', { check: clusterSecretProblem })),
  prefix: trimmed('prefix', {
    initial: 'wsp',
    embedsVariables: true,
    check: (prefix) => (PREFIX.test(prefix) ? undefined : 'prefix'),
  }),
};

/** It is text, and as long as a key. */
function clusterSecretProblem(secret: string): ConfigurationProblem | undefined {
  const problem = secretProblem(secret, () => 'utf8');
  if (problem === undefined || problem === 'secret-variable') return problem;
  return problem === 'secret-missing' ? 'cluster-secret-missing' : 'cluster-secret';
}
