import type { NextConfig } from "next";

export default {
  // A second build or a dev server beside the running one needs its own folder.
  distDir: process.env.NEXT_DIST_DIR ?? ".next",
  reactStrictMode: true,
  poweredByHeader: false,
  turbopack: {
    // nats.ws names Node's crypto and then uses the browser's own.
    resolveAlias: { crypto: { browser: "./src/clients/nats-crypto.ts" } },
  },
} satisfies NextConfig;
