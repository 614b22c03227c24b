import type { FlowEntry } from '../convert/flow-entry.js';
import type { Definition, EditorNode } from './node-editor.js';

/** A node as the editor holds it: an entry of the flow file, and what the editor needs to draw it. */
export interface FlowObject extends EditorNode {
  /** The group it is in. */
  g?: string;
}

export interface Link {
  readonly source: { readonly id: string };
  readonly sourcePort: number;
  readonly target: { readonly id: string };
}

export interface Group {
  readonly id: string;
  readonly nodes: FlowObject[];
}

/** An entry of the undo history. Undoing one makes its inverse out of it, `callback` included. */
export type HistoryEvent =
  | {
      readonly t: 'multi';
      readonly events: readonly HistoryEvent[];
      readonly dirty: boolean;
      readonly callback: () => void;
    }
  | {
      readonly t: 'add';
      readonly nodes: readonly string[];
      readonly links?: readonly Link[];
      readonly callback?: () => void;
    }
  | {
      readonly t: 'delete';
      readonly nodes: readonly FlowObject[];
      readonly links?: readonly Link[];
      readonly callback?: () => void;
    };

/** A tab of the sidebar. */
export interface SidebarTab {
  readonly id: string;
  /** Short. */
  readonly label: string;
  readonly name: string;
  readonly iconClass: string;
  readonly content: JQuery;
  /** For the foot of the sidebar. */
  readonly toolbar: JQuery;
  /** Whether it can be used while a dialog is open. */
  readonly enableOnEdit: boolean;
  /** Shows it. */
  readonly action: string;
}

/** The part of the editor's API that changes flows. Missing from @types/node-red, or declared there without types. */
export interface FlowEditor {
  readonly actions: {
    /** @param options `label`: the name of a text in a catalog */
    add(id: string, handler: () => void, options: { readonly label: string }): void;
    remove(id: string): void;
  };
  readonly nodes: {
    getType(type: string): Definition | undefined;
    node(id: unknown): FlowObject | null | undefined;
    /** @returns what the editor holds from now on for `node` */
    add(node: FlowObject): FlowObject;
    remove(id: string): void;
    addLink(link: Link): void;
    eachLink(visit: (link: Link) => void): void;
    group(id: string): Group | undefined;
    getNodeOrder(flow: string): readonly string[];
    setNodeOrder(flow: string, order: readonly string[]): void;
    createCompleteNodeSet(options: { readonly credentials: boolean }): FlowEntry[];
    dirty(): boolean;
    dirty(isDirty: boolean): void;
  };
  readonly group: {
    getNodes(group: FlowObject, recursive: boolean): readonly FlowObject[];
    markDirty(group: Group): void;
  };
  readonly history: { push(event: HistoryEvent): void };
  readonly editor: {
    validateNode(node: FlowObject): boolean;
    /** @param name of the property that refers to it; empty: none does */
    editConfig(name: string, type: string, id: string): void;
  };
  readonly view: {
    selection(): { readonly nodes?: readonly FlowObject[] };
    select(selection: { readonly nodes: readonly FlowObject[] }): void;
    redraw(updateActive: boolean, isSynchronous?: boolean): void;
    focus(): void;
  };
  readonly workspaces: { selection(): readonly { readonly id: string }[]; refresh(): void };
  readonly sidebar: {
    readonly config: { refresh(): void };
    addTab(options: SidebarTab): void;
    removeTab(id: string): void;
    show(id: string): void;
  };
  /** @param message HTML */
  notify(
    message: string,
    options: { readonly type: 'warning' | 'success' /** In milliseconds. */; readonly timeout?: number },
  ): void;
}
