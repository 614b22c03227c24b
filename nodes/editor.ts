import './in/editor.js';
import './out/editor.js';
import './listener/editor.js';
import './client/editor.js';
import './issuer/editor.js';
import './cluster/editor.js';
import './convert/editor.js';
