import { METRICS, type MetricName } from './metric-names.js';

export type Labels = Readonly<Record<string, string>>;

/** One value of a metric, as prom-client writes it. */
export interface Sample {
  readonly metricName: string;
  readonly labels: Labels;
  readonly value: number;
}

/** What all names begin with. */
export const PREFIX = 'websocket_plus_';

/** The values of one scrape: one for each set of labels. */
export class Samples {
  readonly #byName = new Map<MetricName, Map<string, Sample>>();

  /** @param part of a histogram: `_bucket`, `_sum` or `_count` */
  add(name: MetricName, labels: Labels, value: number, part = ''): void {
    const samples = this.#byName.get(name) ?? new Map<string, Sample>();
    this.#byName.set(name, samples);
    const key = part + JSON.stringify(labels);
    const before = samples.get(key);
    const combined = before === undefined ? value : METRICS[name].combine(before.value, value);
    samples.set(key, { metricName: `${PREFIX}${name}${part}`, labels, value: combined });
  }

  of(name: MetricName): Sample[] {
    return [...(this.#byName.get(name)?.values() ?? [])];
  }
}
