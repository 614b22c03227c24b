import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ANY_SEGMENT, normalisedPath, parameterNames, pathShape } from '../config/path.js';
import { PathPatterns } from './path-patterns.js';
import { refuseUpgrade } from './refuse-upgrade.js';
import { Rejection } from './rejection.js';

/** What stands in a request's path for the parameters of a listener's, by their names. */
export type PathParams = Readonly<Record<string, string>>;

/** Somebody who wants the upgrades of one path. */
export interface Claimant {
  /** Survives a redeploy, so that the new claimant gets its path back. */
  readonly id: string;
  /** As `requestPath` spells it; a segment `:name` is a parameter. */
  readonly path: string;
  /** @param params absent where the path has none */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, params?: PathParams): void;
  /** Called when the path becomes the claimant's, or another's. */
  setOwner(owner: boolean): void;
}

/** One path: whose it is, and who else wants it. */
interface Path {
  ownerId: string | undefined;
  readonly isPattern: boolean;
  readonly claimants: Map<string, Claimant>;
}

/** Told of a request that is neither our listeners' nor known to be somebody else's; who serves it is yet to be seen. */
type Stranger = (path: string, socket: Socket) => void;

/** Whose a request may be; `path` is undefined where it is somebody else's. */
interface Found {
  readonly path: Path | undefined;
  /** Of its parameters; absent where it has none. */
  readonly values?: readonly string[];
}

const routers = new WeakMap<Server, UpgradeRouter>();

/**
 * Hands the upgrade requests of one http.Server to the listeners, by path. Requests for other paths are left to other
 * handlers. A literal path wins over one with parameters, and paths that differ in the names of parameters only are one. A
 * slash at the end of a request's path counts for nothing where nobody has that path. A path has one owner; who it is changes only in `settle`, when a deploy is complete, so that making an owner
 * anew does not hand its path to a rival.
 */
export class UpgradeRouter {
  readonly #server: Server;
  /** By shape. */
  readonly #paths = new Map<string, Path>();
  #patterns = new PathPatterns([]);
  #foreign: ReadonlySet<string> = new Set();
  #claims = 0;
  #stranger: Stranger = () => {};
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
    const shape = pathShape(claimant.path);
    const isPattern = shape.includes(ANY_SEGMENT);
    const path = this.#paths.get(shape) ?? { ownerId: undefined, isPattern, claimants: new Map() };
    this.#paths.set(shape, path);
    path.claimants.set(claimant.id, claimant);
    if (path.ownerId === claimant.id) claimant.setOwner(true);
  }

  /** Tells `stranger` of requests for paths that nobody is known to serve; of several, the one that was named last. */
  tellOfStrangers(stranger: Stranger): void {
    this.#stranger = stranger;
  }

  /** Takes a claim back. The path stays reserved for the claimant's id until the next `settle`. */
  release(claimant: Claimant): void {
    const path = this.#paths.get(pathShape(claimant.path));
    if (path?.claimants.get(claimant.id) !== claimant) return;
    path.claimants.delete(claimant.id);
    this.#claims -= 1;
    if (this.#claims === 0) this.#server.off('upgrade', this.#handle);
  }

  /**
   * Gives every path to its owner, else to the claimant that asked first.
   * @param foreign paths that are not ours to give, as `requestPath` spells them: nobody gets them
   */
  settle(foreign: ReadonlySet<string>): void {
    this.#foreign = foreign;
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
    this.#patterns = new PathPatterns(
      [...this.#paths].filter(([, { isPattern }]) => isPattern).map(([shape]) => shape),
    );
  }

  #find(path: string): Found | undefined {
    const exact = this.#findExactly(path);
    if (exact !== undefined || !/.\/$/.test(path)) return exact;
    return this.#findExactly(path.slice(0, -1));
  }

  #findExactly(path: string): Found | undefined {
    const name = normalisedPath(path);
    const literal = this.#paths.get(name);
    // what is literally spelt as a shape is no such path
    if (literal !== undefined && !literal.isPattern) return { path: literal };
    if (this.#foreign.has(name)) return { path: undefined };
    const match = this.#patterns.match(path);
    return match && { path: this.#paths.get(match.shape), values: match.values };
  }

  #route(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const requested = pathOf(request.url ?? '');
    const found = this.#find(requested);
    if (found === undefined) this.#stranger(requested, request.socket);
    const path = found?.path;
    if (path?.ownerId === undefined) return;
    const owner = path.claimants.get(path.ownerId);
    if (owner !== undefined) {
      owner.handleUpgrade(request, socket, head, found?.values && paramsOf(owner, found.values));
      return;
    }
    // the owner is being redeployed
    socket.on('error', () => {});
    refuseUpgrade(socket, new Rejection('unavailable'));
  }
}

/** Own properties, whatever the names are. */
function paramsOf({ path }: Claimant, values: readonly string[]): PathParams {
  return Object.fromEntries(parameterNames(path).map((name, index) => [name, values[index] ?? '']));
}

/** The path of a request target, in origin or absolute form (RFC 9112 §3.2), taken by hand: `new URL` throws on `//`. */
function pathOf(target: string): string {
  const path = target.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '');
  return path === '' ? '/' : path;
}
