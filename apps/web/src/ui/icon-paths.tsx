import type { ReactNode } from "react";

/** Drawn on 24 × 24, stroke only, so that every icon has the weight of the text beside it. */
export const ICON_PATHS = {
  leaf: (
    <>
      <path d="M5 19C4 10 9 4.5 20 4c.6 10-4.6 16-13 14.5" />
      <path d="M4 21c2.5-5.5 6-9 11-11.5" />
    </>
  ),
  home: <path d="M4 11l8-7 8 7v8a1 1 0 0 1-1 1h-4.5v-6h-5v6H5a1 1 0 0 1-1-1z" />,
  database: (
    <>
      <ellipse cx="12" cy="5.5" rx="7.5" ry="2.8" />
      <path d="M4.5 5.5v13c0 1.5 3.4 2.8 7.5 2.8s7.5-1.3 7.5-2.8v-13M4.5 12c0 1.5 3.4 2.8 7.5 2.8s7.5-1.3 7.5-2.8" />
    </>
  ),
  notebook: (
    <path d="M6.5 3.5H19v17H6.5A1.5 1.5 0 0 1 5 19V5a1.5 1.5 0 0 1 1.5-1.5zM9 3.5v17M12.5 8H16M3.5 8H6M3.5 12H6M3.5 16H6" />
  ),
  jobs: (
    <>
      <path d="M4 6h7M8 12h9M13 18h7" />
      <path d="M4 12h.01M4 18h4" opacity=".5" />
    </>
  ),
  device: (
    <>
      <rect x="4" y="5" width="16" height="11" rx="1.5" />
      <path d="M2.5 19.5h19" />
    </>
  ),
  inbox: (
    <>
      <path d="M4 13l2.5-8h11L20 13v5.5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1z" />
      <path d="M4 13h4.5l1.5 2.5h4l1.5-2.5H20" />
    </>
  ),
  settings: (
    <>
      <circle cx="12" cy="12" r="3" />
      <path d="M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M18.4 5.6l-2.1 2.1M7.7 16.3l-2.1 2.1" />
    </>
  ),
  search: (
    <>
      <circle cx="11" cy="11" r="6.5" />
      <path d="M20 20l-4.3-4.3" />
    </>
  ),
  bell: <path d="M6 9.5a6 6 0 0 1 12 0c0 5 2 6.5 2 6.5H4s2-1.5 2-6.5M10 19.5a2.2 2.2 0 0 0 4 0" />,
  online: (
    <>
      <path d="M4 10.5a12 12 0 0 1 16 0M7 14a7.5 7.5 0 0 1 10 0" />
      <circle cx="12" cy="18" r="1" fill="currentColor" />
    </>
  ),
  offline: (
    <>
      <path d="M4 10.5a12 12 0 0 1 5-2.8M15 7.700a12 12 0 0 1 5 2.800M7 14a7.500 7.500 0 0 1 4-2M4.500 4.500l15 15" />
      <circle cx="12" cy="18" r="1" fill="currentColor" />
    </>
  ),
  check: <path d="M5 12.5l4.5 4.5L19 7.5" />,
  ok: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M8.3 12.3l2.6 2.6 4.9-5.3" />
    </>
  ),
  clock: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 7.5V12l3 2" />
    </>
  ),
  ring: <path d="M12 3.5a8.5 8.5 0 1 1-8.5 8.5" />,
  dashed: <circle cx="12" cy="12" r="8.5" strokeDasharray="2.5 3.3" />,
  failed: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 7.5v5.2M12 16.2v.1" />
    </>
  ),
  stopped: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M8.5 12h7" />
    </>
  ),
  stale: (
    <>
      <path d="M20 12a8 8 0 1 1-2.6-5.9" />
      <path d="M20.5 3v4.5H16M12 8v4.5l2.8 1.6" />
    </>
  ),
  info: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 11v5M12 7.8v.1" />
    </>
  ),
  chevronDown: <path d="M6 9.5l6 6 6-6" />,
  chevronRight: <path d="M9.5 6l6 6-6 6" />,
  arrowRight: <path d="M4 12h15M13.5 6.5L19 12l-5.5 5.5" />,
  arrowUp: <path d="M12 20V5M6 10.5L12 4.5l6 6" />,
  arrowDown: <path d="M12 4v15M6 13.5l6 6 6-6" />,
  more: <path d="M5.5 12h.01M12 12h.01M18.5 12h.01" strokeWidth="2.6" />,
  close: <path d="M6.5 6.5l11 11M17.5 6.5l-11 11" />,
  plus: <path d="M12 5v14M5 12h14" />,
  play: <path d="M7.5 5l11 7-11 7z" />,
  stop: <rect x="7" y="7" width="10" height="10" rx="1" />,
  undo: (
    <>
      <path d="M8.5 5L4 9.5 8.5 14" />
      <path d="M4 9.5h9.5a6 6 0 0 1 0 12H9" transform="translate(0 -1.5)" />
    </>
  ),
  retry: (
    <>
      <path d="M19.5 12a7.5 7.5 0 1 1-2.4-5.500" />
      <path d="M20 3.500v4.500h-4.500" />
    </>
  ),
  compare: (
    <>
      <path d="M8 4v16M16 4v16" opacity=".5" />
      <path d="M3 8h5M3 12h5M16 12h5M16 16h5" />
    </>
  ),
  download: <path d="M12 4v11M7 10.5l5 5 5-5M4.5 20h15" />,
  upload: <path d="M4 14v5.5h16V14M12 15V4M7.5 8.5L12 4l4.5 4.5" />,
  copy: (
    <>
      <rect x="8.5" y="8.5" width="11.5" height="11.5" rx="1.5" />
      <path d="M15.5 8.5V5A1 1 0 0 0 14.5 4H5a1 1 0 0 0-1 1v9.5a1 1 0 0 0 1 1h3.5" />
    </>
  ),
  link: (
    <path d="M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.5 1.5M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1.5-1.5" />
  ),
  file: <path d="M6 3.5h8l4.5 4.5v12.5H6zM14 3.5V8h4.5" />,
  table: (
    <>
      <rect x="3.5" y="4.5" width="17" height="15" rx="1.5" />
      <path d="M3.5 9.5h17M9.5 9.5v10" />
    </>
  ),
  server: (
    <>
      <rect x="4" y="4" width="16" height="7" rx="1.5" />
      <rect x="4" y="13" width="16" height="7" rx="1.5" />
      <path d="M7.5 7.5h.01M7.5 16.5h.01" strokeWidth="2.2" />
    </>
  ),
  panel: (
    <>
      <rect x="3.5" y="4.5" width="17" height="15" rx="1.5" />
      <path d="M9 4.5v15" />
    </>
  ),
  markdown: (
    <>
      <rect x="3" y="5.5" width="18" height="13" rx="1.5" />
      <path d="M6.5 15V9.5l2.5 3 2.5-3V15M16.5 9.5V15M14.5 13l2 2 2-2" />
    </>
  ),
  filter: <path d="M4 6h16M7.5 12h9M10.5 18h3" />,
  chart: (
    <>
      <path d="M4 4v16h16" />
      <path d="M8.5 16.5v-4M12.5 16.5V8M16.5 16.5v-6" strokeWidth="2.2" />
    </>
  ),
  shield: (
    <>
      <path d="M12 3.5l7.5 2.8v5.500c0 4.300-3 7.400-7.500 9-4.500-1.600-7.500-4.700-7.500-9V6.300z" />
      <path d="M8.800 12l2.300 2.300 4.200-4.500" />
    </>
  ),
  text: <path d="M5 7V5h14v2M12 5v14M9.5 19h5" />,
  number: <path d="M9.5 4.5l-2 15M16.5 4.5l-2 15M4.5 9.5h15.5M4 14.5h15.5" />,
  date: (
    <>
      <rect x="4" y="5.5" width="16" height="14.5" rx="1.5" />
      <path d="M4 10h16M8.5 3.5v3.5M15.5 3.5v3.5" />
    </>
  ),
  bool: (
    <>
      <rect x="3" y="7.500" width="18" height="9" rx="4.500" />
      <circle cx="16.500" cy="12" r="2" />
    </>
  ),
  nested: (
    <path d="M9 4.500H7.500A2 2 0 0 0 5.500 6.500V10L4 12l1.500 2v3.500a2 2 0 0 0 2 2H9M15 4.500h1.500a2 2 0 0 1 2 2V10l1.500 2-1.500 2v3.500a2 2 0 0 1-2 2H15" />
  ),
  trash: <path d="M4.500 7h15M9.500 7V4.500h5V7M6.500 7l1 13h9l1-13M10 11v5.500M14 11v5.500" />,
  sun: (
    <>
      <circle cx="12" cy="12" r="4" />
      <path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600L7 7M17 17l1.400 1.400M18.400 5.600L17 7M7 17l-1.400 1.400" />
    </>
  ),
  moon: <path d="M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10z" />,
  keyboard: (
    <>
      <rect x="3" y="6" width="18" height="12" rx="1.500" />
      <path d="M7 10h.01M11 10h.01M15 10h.01M17.500 10h.01M8 14h8" />
    </>
  ),
  external: <path d="M13 5h6v6M19 5l-8.500 8.500M10 5.500H5.500v13h13V14" />,
} as const satisfies Record<string, ReactNode>;

export type IconName = keyof typeof ICON_PATHS;
