import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { WebContext } from "../server/context.ts";
import { newNonce, pagePolicy, SAFE_HEADERS } from "../server/site/csp.ts";
import type { Pages } from "../server/site/pages.ts";
import { safePath, signInPage } from "../server/site/sign-in-page.ts";
import type { StaticFiles } from "../server/site/static-files.ts";
import { guardedRoute } from "./guarded-route.ts";

export type Site = {
  pages: Pages;
  /** Undefined in development, where Next makes them as they are asked for. */
  staticFiles: StaticFiles | undefined;
};

const STATIC_ROOT = "/_next/static/";
/** What browsers fetch without cookies, and what tells nothing. */
const OPEN_FILES = /^\/(manifest\.webmanifest|robots\.txt|(apple-)?icon[\w.-]*)$/;

/** Signing in, static files, and every page. Absent pages (tests of the API): only signing in. */
export async function registerSite(
  app: FastifyInstance,
  context: WebContext,
  site: Site | undefined,
): Promise<void> {
  await app.register(async (scope) => registerSignIn(scope, context));
  if (site === undefined) return;
  guardedRoute(app, context, {
    method: ["GET", "HEAD"],
    url: `${STATIC_ROOT}*`,
    action: "open",
    handle: async ({ request, reply }) => sendStatic(site, request, reply),
  });
  // Browsers ask for it where a page does not say which icon it has, as one that is still loading.
  guardedRoute(app, context, {
    method: ["GET", "HEAD"],
    url: "/favicon.ico",
    action: "open",
    handle: async ({ reply }) => reply.redirect("/icon.svg", 308),
  });
  await app.register(async (scope) => registerPages(scope, context, site.pages));
}

function registerPages(scope: FastifyInstance, context: WebContext, pages: Pages): void {
  scope.addHook("onRequest", async (request, reply) => {
    const url = new URL(request.url, "http://localhost");
    const token = url.searchParams.get("token");
    if (token === null) return;
    url.searchParams.delete("token");
    await signIn(context, reply, token, safePath(url.pathname + url.search));
  });
  const render = async ({ request, reply }: { request: FastifyRequest; reply: FastifyReply }) => {
    reply.hijack();
    await pages.render(request.raw, reply.raw);
  };
  guardedRoute(scope, context, {
    method: ["GET", "HEAD"],
    url: "/*",
    action: "session",
    onStranger: async (request, reply) => {
      if (OPEN_FILES.test(request.url)) await render({ request, reply });
      else await sendSignInPage(reply, { next: safePath(request.url), wrongToken: false });
    },
    handle: render,
  });
}

const SignInForm = z.object({ token: z.string().max(500), next: z.string().max(2000).optional() });

function registerSignIn(scope: FastifyInstance, context: WebContext): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    "*",
    { parseAs: "string", bodyLimit: 8_192 },
    async (_request: FastifyRequest, body: string | Buffer) =>
      Object.fromEntries(new URLSearchParams(String(body))),
  );
  guardedRoute(scope, context, {
    method: ["POST"],
    url: "/session",
    action: "open",
    handle: async ({ request, reply }) => {
      const form = SignInForm.safeParse(request.body);
      const { token = "", next } = form.success ? form.data : {};
      await signIn(context, reply, token.trim(), safePath(next));
    },
  });
}

async function signIn(context: WebContext, reply: FastifyReply, token: string, next: string): Promise<void> {
  const cookie = await context.sessions.signIn(token);
  if (cookie === null) {
    await sendSignInPage(reply, { next, wrongToken: true });
    return;
  }
  // No cache and no Referer may keep the address that held the token.
  const headers = { "set-cookie": cookie, "cache-control": "no-store", "referrer-policy": "no-referrer" };
  await reply.headers(headers).redirect(next, 303);
}

async function sendSignInPage(
  reply: FastifyReply,
  page: { next: string; wrongToken: boolean },
): Promise<void> {
  const nonce = newNonce();
  await reply
    .code(401)
    .headers({ ...SAFE_HEADERS, "content-security-policy": pagePolicy(nonce), "cache-control": "no-store" })
    .type("text/html; charset=utf-8")
    .send(signInPage({ nonce, ...page }));
}

async function sendStatic(
  { pages, staticFiles }: Site,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const name = decodeURIComponent(request.url.slice(STATIC_ROOT.length).split("?")[0] ?? "");
  if (staticFiles !== undefined && !staticFiles.has(name)) {
    throw new TeatreeError(
      "not_found",
      "There is no such file; the page may be older than the server. Reload it.",
    );
  }
  reply.hijack();
  if (staticFiles === undefined) await pages.render(request.raw, reply.raw);
  else await staticFiles.send(name, request.raw, reply.raw);
}
