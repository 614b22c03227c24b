import type { Definition, EditorNode } from './node-editor.js';
import type { FlowEditor } from './red-flows-editor.js';

/**
 * The part of the editor's API that the dialogs use. Declared here because @types/node-red knows neither validators
 * that return a text nor those of credentials.
 */
interface Editor {
  readonly nodes: {
    registerType(type: string, definition: Definition): void;
    node(id: unknown): EditorNode | null | undefined;
    eachNode(visit: (node: EditorNode) => void): void;
    eachConfig(visit: (node: EditorNode) => void): void;
    /** The flows as last deployed or loaded; undefined until they are loaded. */
    originalFlow(): readonly { readonly id: string }[] | undefined;
  };
  readonly tabs: {
    create(options: {
      readonly element: JQuery;
      /** Called when another tab is shown, the first one included. */
      readonly onchange: (tab: { readonly id: string }) => void;
    }): TabBar;
  };
  readonly events: {
    on(event: 'nodes:add' | 'nodes:remove' | 'workspace:clear' | 'flows:loaded', listener: () => void): void;
  };
  readonly settings: { readonly httpNodeRoot?: string };
  readonly clipboard: { copyText(text: string, element: JQuery, message: string): boolean };
  readonly i18n: { lang(): string };
  _(key: string, values?: Readonly<Record<string, unknown>>): string;
}

interface TabBar {
  addTab(tab: { readonly id: string; readonly label: string }): void;
  activateTab(id: string): void;
}

declare global {
  const RED: Editor & FlowEditor;
}
