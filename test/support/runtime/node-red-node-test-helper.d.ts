declare module 'node-red-node-test-helper' {
  import type { EventEmitter } from 'node:events';
  import type { Server } from 'node:http';
  import type { Node, NodeAPI } from 'node-red';

  type Initializer = (RED: NodeAPI) => void | Promise<void>;
  type Flow = readonly Record<string, unknown>[];
  type Credentials = Record<string, Record<string, string>>;

  class NodeTestHelper {
    readonly _events: EventEmitter;
    readonly _server: Server;
    readonly _redNodes: {
      setFlows(flow: Flow, credentials: Credentials, type: 'full' | 'nodes' | 'flows'): Promise<unknown>;
    };
    init(runtimePath: string): void;
    settings(settings: Record<string, unknown>): void;
    startServer(): Promise<void>;
    stopServer(): Promise<void>;
    load(nodes: Initializer | readonly Initializer[], flow: Flow, credentials?: Credentials): Promise<void>;
    unload(): Promise<void>;
    getNode(id: string): Node;
    url(): string;
    request(): { get(path: string): PromiseLike<{ readonly status: number; readonly text: string }> };
    log(): { readonly args: readonly [Record<string, unknown>][] };
  }

  const helper: NodeTestHelper;
  export = helper;
}
