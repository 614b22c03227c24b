import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { refuseUpgrade } from './refuse-upgrade.js';
import { Rejection } from './rejection.js';

/** Somebody who wants the upgrades of one path. */
export interface Claimant {
  /** Survives a redeploy, so that the new claimant gets its path back. */
  readonly id: string;
  readonly path: string;
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Called when the path becomes the claimant's, or another's. */
  setOwner(owner: boolean): void;
}

/** One path: whose it is, and who else wants it. */
interface Path {
  ownerId: string | undefined;
  readonly claimants: Map<string, Claimant>;
}

const routers = new WeakMap<Server, UpgradeRouter>();

/**
 * Hands the upgrade requests of one http.Server to the listeners, by path. Requests for other paths are left to other
 * handlers. A path has one owner; who it is changes only in `settle`, when a deploy is complete, so that making an owner
 * anew does not hand its path to a rival.
 */
export class UpgradeRouter {
  readonly #server: Server;
  readonly #paths = new Map<string, Path>();
  #claims = 0;
  readonly #handle = (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    this.#route(request, socket, head);

  static of(server: Server): UpgradeRouter {
    const router = routers.get(server) ?? new UpgradeRouter(server);
    routers.set(server, router);
    return router;
  }

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Asks for a path. A claimant that owned it before owns it at once; any other after the next `settle`. */
  claim(claimant: Claimant): void {
    if (this.#claims === 0) this.#server.on('upgrade', this.#handle);
    this.#claims += 1;
    const path = this.#paths.get(claimant.path) ?? { ownerId: undefined, claimants: new Map() };
    this.#paths.set(claimant.path, path);
    path.claimants.set(claimant.id, claimant);
    if (path.ownerId === claimant.id) claimant.setOwner(true);
  }

  /** Takes a claim back. The path stays reserved for the claimant's id until the next `settle`. */
  release(claimant: Claimant): void {
    const path = this.#paths.get(claimant.path);
    if (path?.claimants.get(claimant.id) !== claimant) return;
    path.claimants.delete(claimant.id);
    this.#claims -= 1;
    if (this.#claims === 0) this.#server.off('upgrade', this.#handle);
  }

  /**
   * Gives every path to its owner, else to the claimant that asked first.
   * @param foreign paths that are not ours to give: nobody gets them
   */
  settle(foreign: ReadonlySet<string>): void {
    for (const [name, path] of this.#paths) {
      if (path.claimants.size === 0) {
        this.#paths.delete(name);
        continue;
      }
      if (foreign.has(name)) path.ownerId = undefined;
      else if (path.ownerId === undefined || !path.claimants.has(path.ownerId)) {
        path.ownerId = path.claimants.keys().next().value;
      }
      for (const claimant of path.claimants.values()) claimant.setOwner(claimant.id === path.ownerId);
    }
  }

  #route(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const path = this.#paths.get(pathOf(request.url ?? ''));
    if (path?.ownerId === undefined) return;
    const owner = path.claimants.get(path.ownerId);
    if (owner !== undefined) {
      owner.handleUpgrade(request, socket, head);
      return;
    }
    // the owner is being redeployed
    socket.on('error', () => {});
    refuseUpgrade(socket, new Rejection('unavailable'));
  }
}

/** The path of a request target, in origin or absolute form (RFC 9112 §3.2), taken by hand: `new URL` throws on `//`. */
function pathOf(target: string): string {
  const path = target.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '');
  return path === '' ? '/' : path;
}
