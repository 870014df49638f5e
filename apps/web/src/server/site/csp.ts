import { randomBytes } from "node:crypto";

/** A fresh value per page, which scripts and styles of that page bear. */
export function newNonce(): string {
  return randomBytes(16).toString("base64url");
}

/**
 * The Content-Security-Policy of a page: nothing from elsewhere, scripts and style elements by nonce only.
 * `wasm-unsafe-eval` is for DuckDB in the page; development needs eval for its readable stacks.
 */
export function pagePolicy(nonce: string, { development = false } = {}): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'${development ? " 'unsafe-eval'" : ""}`,
    "worker-src 'self'",
    `style-src-elem 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join("; ");
}

/**
 * A worker has the policy of its own script, not that of the page: without one the engine in the page could fetch
 * extensions from elsewhere. Sent with every static file.
 */
export const WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

/** For answers that are no pages: a browser that is made to show one runs nothing in it. */
export const API_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** Sent with everything. */
export const SAFE_HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "x-frame-options": "DENY",
} as const;
