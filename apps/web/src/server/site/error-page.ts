import { escapeHtml } from "./escape-html.ts";

/** What a person sees where a page should be and the server cannot make one. It loads nothing. */
export function errorPage(message: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Teatree</title></head>
<body>
<main>
<h1>Teatree cannot show this page</h1>
<p>${escapeHtml(message)}</p>
<p><a href="">Try again</a></p>
</main>
</body>
</html>
`;
}
