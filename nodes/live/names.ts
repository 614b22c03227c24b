/** What the tab can show, in this order. `live.<name>` is its text. */
export const VIEWS = ['overview', 'sessions', 'refused'] as const;

export type View = (typeof VIEWS)[number];

/** What a session's row shows, in this order. `live.<name>` is its text. */
export const COLUMNS = ['subject', 'tenant', 'since', 'token'] as const;

export type Column = (typeof COLUMNS)[number];

/** What a session's details show, in this order. `live.<name>` is its text. */
export const DETAILS = ['listener', 'address', 'received', 'sent', 'expiry'] as const;

export type Detail = (typeof DETAILS)[number];
