/** Rows in a message. */
const MAX_ROWS = 500;

/** Of a message, in bytes: brokers limit them. One row that is larger goes alone. */
const MAX_BYTES = 128 * 1024;

/** Rows as JSON, in messages of a bounded size; one where there are none. */
export function* piecesOf(rows: readonly unknown[]): Generator<{ payload: Buffer; isLast: boolean }> {
  let texts: string[] = [];
  let bytes = 0;
  for (const row of rows) {
    const text = JSON.stringify(row);
    if (texts.length === MAX_ROWS || (texts.length > 0 && bytes + text.length > MAX_BYTES)) {
      yield { payload: toJson(texts), isLast: false };
      texts = [];
      bytes = 0;
    }
    texts.push(text);
    bytes += text.length;
  }
  yield { payload: toJson(texts), isLast: true };
}

/** Undefined where it is no such piece. */
export function readPiece(payload: Buffer): readonly unknown[] | undefined {
  const rows = parseJson(payload);
  return Array.isArray(rows) && rows.length <= MAX_ROWS ? rows : undefined;
}

/** Undefined where it is no JSON. */
export function parseJson(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString());
  } catch {
    return undefined;
  }
}

function toJson(texts: readonly string[]): Buffer {
  return Buffer.from(`[${texts.join(',')}]`);
}
