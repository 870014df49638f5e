/** Editors of the open cells, by cell key, so that the side panel can write at their caret. */
const carets = new Map<string, (text: string) => void>();

export function offerCaret(key: string, insert: (text: string) => void): () => void {
  carets.set(key, insert);
  return () => carets.delete(key);
}

/** Writes at the caret of the cell's editor; false when it is not loaded. */
export function insertAtCaret(key: string, text: string): boolean {
  const insert = carets.get(key);
  insert?.(text);
  return insert !== undefined;
}
