import { text } from '../dialog/text-editor.js';
import { problemOfCluster } from './problem-editor.js';
import type { ClusterView, MemberView } from './protocol.js';
import { type Drawing, draw } from './rows-editor.js';
import { number } from './units-editor.js';

interface Row {
  readonly cluster: ClusterView;
  readonly now: number;
}

/** The clusters of this runtime: whether the other instances are reached, and which there are. */
export class Clusters {
  readonly element: JQuery;
  readonly #rows: Drawing<Row> = {
    key: ({ cluster }) => cluster.id,
    make: makeCluster,
    update: updateCluster,
  };

  constructor() {
    this.element = $('<div>', { class: 'websocket-plus-clusters' });
  }

  show(clusters: readonly ClusterView[], now: number): void {
    draw(
      this.element,
      clusters.map((cluster) => ({ cluster, now })),
      this.#rows,
    );
  }
}

const MEMBERS: Drawing<{ readonly member: MemberView; readonly place: number }> = {
  key: ({ place }) => String(place),
  make: () => $('<tr>').append($('<th>', { scope: 'row' }), $('<td>'), $('<td>')),
  update: updateMember,
};

function makeCluster(): JQuery {
  const columns = ['live.instance', 'live.version', 'live.connections'].map((label) =>
    $('<th>', { scope: 'col' }).text(text(label)),
  );
  return $('<section>').append(
    $('<h4>').append($('<i>', { 'aria-hidden': 'true' }), $('<span>')),
    $('<p>'),
    $('<table>').append($('<thead>').append($('<tr>').append(columns)), $('<tbody>')),
  );
}

function updateCluster(section: JQuery, { cluster, now }: Row): void {
  const { name, members } = cluster;
  const problem = problemOfCluster(cluster, now);
  const look = problem?.look ?? (members.length > 0 ? 'good' : 'idle');
  section.find('h4 > i').attr('class', `websocket-plus-dot websocket-plus-${look}`);
  section.find('h4 > span').text(name === '' ? text('label.cluster') : name);
  const alone = members.length === 0 ? text('live.alone') : '';
  section
    .children('p')
    .text(problem?.words ?? alone)
    .prop('hidden', problem === undefined && alone === '')
    .attr('class', `websocket-plus-${look}`);
  section.children('table').prop('hidden', members.length === 0);
  const sorted = [...members].sort((one, other) => one.host.localeCompare(other.host));
  draw(
    section.find('tbody'),
    sorted.map((member, place) => ({ member, place })),
    MEMBERS,
  );
}

function updateMember(row: JQuery, { member }: { readonly member: MemberView }): void {
  const { host, version, connections } = member;
  row.children('th').text(host === '' ? '–' : host);
  const [versionCell, countCell] = row.children('td').get();
  $(versionCell ?? row).text(version === '' ? '–' : version);
  $(countCell ?? row).text(number(connections));
}
