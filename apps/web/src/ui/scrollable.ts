/**
 * For a region that scrolls inside itself and holds nothing that takes focus: without it the keyboard cannot scroll there
 * (WCAG 2.1.1).
 */
export const SCROLLABLE = { tabIndex: 0 } as const;
