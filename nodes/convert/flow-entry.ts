/** An entry of a flow file. */
export interface FlowEntry {
  readonly [property: string]: unknown;
  readonly id: string;
  readonly type: string;
}
