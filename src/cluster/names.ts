import { type ClusterKeys, mac } from './keys.js';
import { Recent } from './recent.js';

/** Of the format of topics and messages. Members of another one are not heard at all. */
const VERSION = 1;

const MAC_BYTES = 16;

/** Names of a listener's tenants that are kept: a MAC costs more than all else that a message needs here but its seal. */
const KEPT = 20_000;

/** The topics of a cluster. Whoever sees them learns no path and no tenant: each name is a MAC. */
export class TopicNames {
  readonly #base: string;
  readonly #key: Buffer;
  /** By path: there are few, and each message needs one. */
  readonly #listeners = new Map<string, string>();
  readonly #tenants = new Map<string, Recent<string | null, string>>();
  /** For what concerns all members. */
  readonly all: string;

  /** @param prefix of letters, digits, `_`, `-` and `/` */
  constructor(prefix: string, { topics }: ClusterKeys) {
    this.#base = `${prefix}/${VERSION}`;
    this.#key = topics;
    this.all = `${this.#base}/${this.#name('cluster')}/hb`;
  }

  /** The name of a listener: that of its path, which listeners of one cluster share whatever their ids are. */
  listener(path: string): string {
    const known = this.#listeners.get(path) ?? this.#name('listener', path);
    this.#listeners.set(path, known);
    return known;
  }

  /** The name of a tenant of a listener; null stands for the peers without one. */
  tenant(path: string, tenantId: string | null): string {
    let names = this.#tenants.get(path);
    if (names === undefined) {
      names = new Recent(KEPT, (tenant) => this.#name('tenant', path, tenant));
      this.#tenants.set(path, names);
    }
    return names.get(tenantId);
  }

  /** Where what is for one tenant of a listener is sent. */
  toTenant(path: string, tenantId: string | null): string {
    return `${this.#base}/${this.listener(path)}/t/${this.tenant(path, tenantId)}`;
  }

  /** Where what is for everybody of a listener is sent. */
  toEverybody(path: string): string {
    return `${this.#base}/${this.listener(path)}/a`;
  }

  /** Where what is for one instance is sent. */
  toInstance(instance: string): string {
    return `${this.#base}/${this.#name('instance', instance)}/in`;
  }

  /** The name of the listener that a topic belongs to; another text where it belongs to none. */
  listenerOf(topic: string): string {
    const start = this.#base.length + 1;
    return topic.slice(start, topic.indexOf('/', start));
  }

  /** JSON keeps null apart from "null" and one part from the next, and escapes what UTF-8 cannot hold. */
  #name(...parts: readonly (string | null)[]): string {
    return mac(this.#key, JSON.stringify(parts), MAC_BYTES).toString('base64url');
  }
}
