import { type Hearer, Peer } from './peer.js';

/** Connections that are opened at once. */
const AT_ONCE = 50;

/** Makes a token for a tenant. */
export type Admit = (tenant: string) => Promise<string>;

/** The peers of the drill, spread evenly over its tenants. */
export class Crowd {
  readonly #url: string;
  readonly #hearer: Hearer;
  readonly #tenants: readonly string[];
  #peers: readonly Peer[] = [];
  #made = 0;

  constructor(url: string, tenants: number, hearer: Hearer) {
    this.#url = url;
    this.#hearer = hearer;
    this.#tenants = Array.from({ length: tenants }, (_, i) => `tenant-${i}`);
  }

  /** Those who are connected. */
  get peers(): readonly Peer[] {
    return this.#peers.filter(({ closeCode }) => closeCode === undefined);
  }

  /** How many connections were ever opened. */
  get made(): number {
    return this.#made;
  }

  of(tenant: string): readonly Peer[] {
    return this.peers.filter((peer) => peer.tenant === tenant);
  }

  /** Lets new peers in until there are `connections` again. */
  async fill(connections: number, admit: Admit): Promise<void> {
    const { length } = this.#tenants;
    const missing = this.#tenants.flatMap((tenant, i) => {
      const size = Math.floor(connections / length) + (i < connections % length ? 1 : 0);
      return Array<string>(size - this.of(tenant).length).fill(tenant);
    });
    while (missing.length > 0) {
      const joined = missing.splice(0, AT_ONCE).map((tenant) => this.connect(tenant, admit));
      this.#peers = [...this.peers, ...(await Promise.all(joined))];
    }
  }

  /** A peer of a tenant that is not of the crowd. */
  async connect(tenant: string, admit: Admit): Promise<Peer> {
    const url = `${this.#url}?token=${await admit(tenant)}`;
    this.#made += 1;
    return Peer.connect(url, `peer-${this.#made}`, tenant, this.#hearer);
  }

  async leave(): Promise<void> {
    const { peers } = this;
    for (const peer of peers) peer.close();
    await Promise.all(peers.map(({ closed }) => closed));
  }
}
