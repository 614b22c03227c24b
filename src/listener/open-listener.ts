import type { ListenerOptions } from '../config/listener-options.js';
import { Admission, type AdmissionSettings } from '../handshake/admission.js';
import { Listener, type ListenerSettings } from './listener.js';

/** What every listener of a runtime shares; sizes in bytes, times in milliseconds. */
export interface RuntimeSettings extends ListenerSettings, AdmissionSettings {}

/**
 * Makes a running listener of a checked configuration. It serves once it owns its path.
 * @throws ConfigurationError where an issuer is missing, or two are for the same tokens
 * @param claim `path` as it stands in a request line; `id` survives a redeploy
 */
export function openListener(
  claim: { readonly id: string; readonly path: string },
  options: ListenerOptions,
  settings: RuntimeSettings,
): Listener {
  const { cluster, sessionIds } = settings;
  const own = cluster && {
    issue: (tenantId: string | null) => cluster.sessionIds.issue(tenantId),
    proves: (...shown: Parameters<typeof sessionIds.proves>) => sessionIds.proves(...shown),
  };
  return new Listener(
    claim,
    options,
    own ? { ...settings, sessionIds: own } : settings,
    (...given) => new Admission(claim.path, options, settings, ...given),
  );
}
