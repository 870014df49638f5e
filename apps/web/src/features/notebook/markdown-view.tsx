"use client";

import DOMPurify from "dompurify";
import { marked } from "marked";
import { useLayoutEffect, useRef } from "react";

/** Markdown as people read it. What the text could do beyond showing itself is taken out. */
export function MarkdownView({ source }: { source: string }) {
  const host = useRef<HTMLDivElement>(null);
  // Before the first paint: cells below must not move when the text comes.
  useLayoutEffect(() => {
    host.current?.replaceChildren(render(source));
  }, [source]);
  return <div ref={host} className="notebook-prose" />;
}

function render(source: string): DocumentFragment {
  const html = marked.parse(source, { async: false, gfm: true });
  const fragment = DOMPurify.sanitize(html, {
    USE_PROFILES: { html: true },
    FORBID_TAGS: ["style", "form", "input", "button", "textarea", "select"],
    FORBID_ATTR: ["style", "id", "class"],
    RETURN_DOM_FRAGMENT: true,
  });
  for (const link of fragment.querySelectorAll("a[href]")) {
    if (link instanceof HTMLAnchorElement && link.origin !== location.origin) {
      link.target = "_blank";
      link.rel = "noopener noreferrer";
    }
  }
  // A wide table scrolls by itself; keyboards must reach it to do so.
  for (const wide of fragment.querySelectorAll("pre, table")) wide.setAttribute("tabindex", "0");
  return fragment;
}
