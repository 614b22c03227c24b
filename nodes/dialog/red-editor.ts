import type { FlowEditor } from './red-flows-editor.js';

/** A node in the editor. Its properties come from flow files: they may be absent, or of another type than ours. */
export interface EditorNode {
  readonly [property: string]: unknown;
  readonly id: string;
  readonly type: string;
  /** True when the user has disabled it. */
  readonly d?: boolean;
  readonly name?: unknown;
  readonly server?: unknown;
  readonly client?: unknown;
  readonly path?: unknown;
  readonly hb?: unknown;
  headers?: unknown;
  readonly _def: Definition;
  /** False once the editor has found something wrong with it. */
  readonly valid?: boolean;
  /** Absent until a dialog has asked the runtime, and again after a deploy. */
  readonly credentials?: Readonly<Record<string, unknown>>;
  readonly label?: () => string;
}

/** Returns true, or a text that says what to do. Node-RED shows the text only of functions with two parameters. */
export type Validator = (this: EditorNode, value: unknown, options: object) => true | string;

export interface Property {
  /** What a new node has. */
  readonly value?: unknown;
  /** What it means that a flow file does not mention the property, where that differs. Our own: the editor does not ask. */
  readonly absent?: unknown;
  readonly type?: string;
  readonly required?: boolean;
  readonly validate?: Validator;
}

export interface Password {
  readonly type: 'password';
  readonly validate?: Validator;
}

export interface Definition {
  readonly category: string;
  readonly defaults: Readonly<Record<string, Property>>;
  readonly credentials?: Readonly<Record<string, Password>>;
  readonly color?: string;
  readonly icon?: string;
  readonly align?: 'left' | 'right';
  readonly inputs?: number;
  readonly outputs?: number;
  readonly paletteLabel?: string;
  readonly inputLabels?: () => string;
  readonly outputLabels?: () => string;
  readonly label?: (this: EditorNode) => string;
  readonly labelStyle?: (this: EditorNode) => string;
  readonly oneditprepare?: (this: EditorNode) => void;
  readonly oneditsave?: (this: EditorNode) => void;
}

/**
 * The part of the editor's API that the dialogs use. Declared here because @types/node-red knows neither validators
 * that return a text nor those of credentials.
 */
interface Editor {
  readonly nodes: {
    registerType(type: string, definition: Definition): void;
    node(id: unknown): EditorNode | null | undefined;
    eachConfig(visit: (node: EditorNode) => void): void;
    /** The flows as last deployed or loaded; undefined until they are loaded. */
    originalFlow(): readonly { readonly id: string }[] | undefined;
  };
  readonly settings: { readonly httpNodeRoot?: string };
  readonly clipboard: { copyText(text: string, element: JQuery, message: string): boolean };
  readonly i18n: { lang(): string };
  _(key: string, values?: Readonly<Record<string, unknown>>): string;
}

declare global {
  const RED: Editor & FlowEditor;
}
