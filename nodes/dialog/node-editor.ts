/** A node in the editor. Its properties come from flow files: they may be absent, or of another type than ours. */
export interface EditorNode {
  readonly [property: string]: unknown;
  readonly id: string;
  readonly type: string;
  /** The flow or subflow that it is in; absent for a config node that all may use. */
  readonly z?: string;
  /** True when the user has disabled it. */
  readonly d?: boolean;
  readonly name?: unknown;
  server?: unknown;
  readonly client?: unknown;
  readonly path?: unknown;
  readonly hb?: unknown;
  headers?: unknown;
  claims?: unknown;
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

/** A credential. The editor is told a `text`, of a `password` only whether there is one. */
export interface Password {
  readonly type: 'password' | 'text';
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
  /** Called for a node that is dropped or typed, before it is part of its flow; not for one that is pasted or imported. */
  readonly onadd?: (this: EditorNode) => void;
  readonly oneditprepare?: (this: EditorNode) => void;
  readonly oneditsave?: (this: EditorNode) => void;
}
