import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";
import { afterScroll, type ScrollPlace, type ScrollSizes, scrollTopFor } from "./scaled-scroll.ts";

export type GridWindow = ScrollPlace & { left: number; widthPx: number };

/** Follows the scroller and its width; `show` brings a row and a span of columns into view. */
export function useGridScroll(
  scroller: RefObject<HTMLDivElement | null>,
  sizes: ScrollSizes,
  frozenPx: number,
) {
  const [view, setView] = useState<GridWindow>({ scrollTop: 0, top: 0, left: 0, widthPx: 0 });
  const place = useRef<ScrollPlace>({ scrollTop: 0, top: 0 });

  const read = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    place.current = afterScroll(place.current, element.scrollTop, sizes);
    setView({ ...place.current, left: element.scrollLeft, widthPx: element.clientWidth });
  }, [scroller, sizes]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, read]);

  const show = useCallback(
    (rowTop: number, rowPx: number, left: number, right: number) => {
      const element = scroller.current;
      if (!element) return;
      const { top } = place.current;
      const wanted = rowTop < top ? rowTop : Math.max(top, rowTop + rowPx - sizes.viewPx);
      if (wanted !== top) {
        // The browser rounds scrollTop: remembering both sides keeps the row exactly where it was put.
        element.scrollTop = scrollTopFor(wanted, sizes);
        place.current = { scrollTop: element.scrollTop, top: wanted };
      }
      const room = element.clientWidth - frozenPx;
      if (left < element.scrollLeft) element.scrollLeft = left;
      else if (right > element.scrollLeft + room) element.scrollLeft = Math.min(left, right - room);
      read();
    },
    [scroller, sizes, frozenPx, read],
  );

  return { view, read, show };
}
