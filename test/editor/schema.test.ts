import should from 'should';
import { CLIENT_SCHEMA } from '../../src/config/client-schema.js';
import { CLUSTER_SCHEMA } from '../../src/config/cluster-schema.js';
import { ISSUER_SCHEMA } from '../../src/config/issuer-schema.js';
import { LISTENER_SCHEMA } from '../../src/config/listener-schema.js';
import { initialValues, type Schema } from '../../src/config/schema.js';
import { editorNodeRed } from '../support/editor/editor-node-red.js';
import { EditorPage } from '../support/editor/editor-page.js';

const SCHEMAS: Readonly<Record<string, Schema>> = {
  'websocket-plus-listener': LISTENER_SCHEMA,
  'websocket-plus-client': CLIENT_SCHEMA,
  'websocket-plus-issuer': ISSUER_SCHEMA,
  'websocket-plus-cluster': CLUSTER_SCHEMA,
};

const OLD = { id: 'l', type: 'websocket-plus-listener', path: '/ws/old' };

/** Shown by a dialog for the node that has nothing but a path; `_ADD_` is the editor's word for no config node. */
const SHOWN = `Object.fromEntries($('#node-config-dialog-edit-form [id^="node-config-input-"]').get()
  .map((field) => [field.id.replace('node-config-input-', ''), field.type === 'checkbox' ? field.checked : field.value === '_ADD_' ? '' : field.value]))`;

describe("a config node's schema in the editor", function () {
  this.timeout(240_000); // Node-RED fetches the dependencies

  let editor: EditorPage;

  before(async () => {
    const nodeRed = await editorNodeRed();
    await nodeRed.deploy([{ id: 'f', type: 'tab', label: 'Flow' }, OLD]);
    editor = await EditorPage.open(nodeRed);
  });
  after(() => editor.close());

  for (const [type, schema] of Object.entries(SCHEMAS)) {
    it(`gives a new ${type} its properties and credentials`, async () => {
      const initial = initialValues(schema);
      const definition = `RED.nodes.getType('${type}')`;
      const values = `Object.entries(${definition}.defaults).map(([name, { value }]) => [name, value])`;
      should(Object.fromEntries(await editor.evaluate<[string, unknown][]>(values))).eql(initial);
      const credentials = await editor.evaluate<string[]>(`Object.keys(${definition}.credentials)`);
      should(credentials).eql(Object.keys(schema).filter((name) => !(name in initial)));
    });
  }

  it('shows in a dialog what the properties mean that a flow file does not mention', async () => {
    await editor.openConfigNode(OLD.id);
    const shown = await editor.evaluate<Record<string, unknown>>(SHOWN);
    await editor.cancel();
    for (const [name, { absent }] of Object.entries(LISTENER_SCHEMA)) {
      const expected = name === 'path' ? OLD.path : name === 'wholemsg' ? 'false' : absent;
      should(shown[name]).eql(Array.isArray(expected) ? String(expected) : expected, name);
    }
  });
});
