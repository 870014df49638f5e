export const LINE_PX = 20;
export const EDITOR_PADDING_PX = 8;
/** Where code begins: the same in the plain text and in the editor, so that nothing moves when the editor comes. */
export const GUTTER_PX = 40;
const MOST_LINES = 32;

/** Height of an editor that shows all its lines, up to a screenful; in pixels. */
export function editorHeight(source: string): number {
  const lines = source.split("\n").length;
  return Math.min(lines, MOST_LINES) * LINE_PX + 2 * EDITOR_PADDING_PX;
}
