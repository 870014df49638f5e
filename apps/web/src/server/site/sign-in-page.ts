import { escapeHtml } from "./escape-html.ts";

export type SignInPage = {
  nonce: string;
  /** Where to go after signing in; a path of this site. */
  next: string;
  /** True after a token that does not fit. */
  wrongToken: boolean;
};

/** The page that strangers see. It needs nothing but itself: it must show even when the build is broken. */
export function signInPage({ nonce, next, wrongToken }: SignInPage): string {
  const message = wrongToken
    ? `<p role="alert" class="wrong">This token is not the one of this server. It may have changed since the link was made: copy the newest line “Teatree is ready” from the terminal.</p>`
    : "";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>Sign in · Teatree</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main>
<h1>Teatree</h1>
<p>Open the link that the terminal printed when the server started, or paste its token here.</p>
${message}
<form method="post" action="/session">
<input type="hidden" name="next" value="${escapeHtml(next)}">
<label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus${wrongToken ? ' aria-invalid="true"' : ""}>
<button type="submit">Sign in</button>
</form>
<p class="hint">The terminal line reads <code>Teatree is ready: http://…/?token=…</code>; the token is what follows <code>token=</code>.</p>
</main>
</body>
</html>
`;
}

/** A path of this site to go to; anything else becomes the start page. */
export function safePath(path: unknown): string {
  if (typeof path !== "string" || !path.startsWith("/")) return "/";
  // Browsers read both as the beginning of another host's address.
  return /^\/[/\\]/.test(path) || /[\r\n\t]/.test(path) ? "/" : path;
}

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#f6f7f5, #14171a); color: light-dark(#1b211d, #e6eae7); }
main { width: min(26rem, 100% - 2rem); padding: 2rem; border-radius: 12px; box-sizing: border-box; background: light-dark(#fff, #1c2024); border: 1px solid light-dark(#dde2dd, #30363b); }
h1 { margin: 0 0 .5rem; font-size: 1.25rem; }
p { margin: 0 0 1rem; }
label { display: block; font-size: .875rem; font-weight: 600; margin-bottom: .25rem; }
input { width: 100%; box-sizing: border-box; font: inherit; padding: .5rem .75rem; border-radius: 8px; border: 1px solid light-dark(#8a948d, #6c757d); background: transparent; color: inherit; }
button { margin: 1rem 0; width: 100%; font: inherit; font-weight: 600; padding: .5rem; border: 0; border-radius: 8px; background: light-dark(#1f6f4a, #4fb286); color: light-dark(#fff, #0b1410); cursor: pointer; }
input:focus-visible, button:focus-visible { outline: 2px solid light-dark(#1f6f4a, #4fb286); outline-offset: 2px; }
.wrong { color: light-dark(#a3231f, #ff9c94); }
.hint { margin: 0; font-size: .8125rem; color: light-dark(#5a645d, #a2aba5); }
code { font-size: .9em; overflow-wrap: anywhere; }
`;
