/** Address of the page that compares two versions of a model. */
export function compareHref(model: string, before: number, after: number): string {
  return `/models/${encodeURIComponent(model)}/compare/${before}...${after}`;
}
