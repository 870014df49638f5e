/**
 * Tells an editor's own text coming back from the notebook apart from text that came from elsewhere. The notebook's state
 * lags behind fast typing; taking an old echo for a change would throw away what was typed since.
 */
export function createEcho() {
  let pending: string[] = [];
  return {
    /** The editor said this. */
    sent(text: string): void {
      pending.push(text);
    },
    /** Whether the text that arrives is the editor's own; it and all before it are then settled. */
    isOwn(text: string): boolean {
      const at = pending.lastIndexOf(text);
      if (at < 0) {
        pending = [];
        return false;
      }
      pending = pending.slice(at + 1);
      return true;
    },
  };
}
