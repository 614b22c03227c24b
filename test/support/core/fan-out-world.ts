import { FanOut } from '../../../src/routing/fan-out.js';
import type { FanOutLimits } from '../../../src/routing/fan-out-limits.js';
import type { Recipients } from '../../../src/routing/recipients.js';
import { Registry } from '../../../src/sessions/registry.js';
import { serverFrame } from '../../../src/wire/server-frame.js';
import { FanOutPeer } from './fan-out-peer.js';

type Scope = 'session' | 'tenant' | 'global';

export interface Send {
  readonly scope: Scope;
  /** Whose session or tenant it is; counted round the peers. */
  readonly to: number;
  /** Who is left out. */
  readonly except: number | undefined;
  /** Sends another as soon as it is done. */
  readonly again: boolean;
}

/** What was asked for, and what has come of it. */
interface Sent {
  readonly text: string;
  /** Also of a peer that came too late or left too early. */
  mayGet(peer: FanOutPeer): boolean;
  /** Who was there when it was sent. */
  readonly present: readonly FanOutPeer[];
  done: number;
  /** Who had not got it when it was done. */
  missing: number;
}

/** A FanOut with peers that come and go, and a record of all that it was asked for. */
export class FanOutWorld {
  readonly fanOut: FanOut;
  readonly peers: FanOutPeer[] = [];
  readonly sent: Sent[] = [];
  readonly #registry = new Registry();

  constructor(limits: FanOutLimits) {
    this.fanOut = new FanOut(this.#registry, () => {}, limits);
  }

  connect(tenantId: string | null): void {
    this.peers.push(new FanOutPeer(this.#registry, tenantId));
  }

  leave(who: number): void {
    this.#pick(who).leave();
  }

  send({ scope, to, except, again }: Send): void {
    const peer = this.#pick(to);
    const excepted = except === undefined ? undefined : this.#pick(except);
    const mayGet = (other: FanOutPeer) => other !== excepted && isIn(scope, peer, other);
    const present = this.peers.filter((other) => other.present && mayGet(other));
    const sent: Sent = { text: String(this.sent.length), mayGet, present, done: 0, missing: 0 };
    this.sent.push(sent);
    const done = () => {
      sent.done += 1;
      sent.missing = missing(sent);
      if (again) this.send({ scope, to: to + 1, except, again: false });
    };
    this.fanOut.send(serverFrame(sent.text, false), recipientsOf(scope, peer), done, excepted?.connection);
  }

  #pick(index: number): FanOutPeer {
    return this.peers[index % this.peers.length] as FanOutPeer; // never without peers
  }
}

function missing({ present, text }: Sent): number {
  return present.filter((peer) => peer.present && !peer.received.includes(text)).length;
}

function isIn(scope: Scope, whose: FanOutPeer, other: FanOutPeer): boolean {
  if (scope === 'session') return other === whose;
  return scope === 'global' || other.identity.tenantId === whose.identity.tenantId;
}

function recipientsOf(scope: Scope, { id, identity: { tenantId } }: FanOutPeer): Recipients {
  if (scope === 'session') return { kind: scope, id };
  if (scope === 'global') return { kind: scope };
  return tenantId === null ? { kind: 'anonymous' } : { kind: scope, tenantId };
}
