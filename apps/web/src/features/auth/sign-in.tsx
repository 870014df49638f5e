"use client";

import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/form.tsx";
import { Icon } from "../../ui/icon.tsx";

/**
 * In the place of every page when the session is over. The form goes to the server itself: with the token in the
 * address it sets the cookie and comes back to this page.
 */
export function SignIn() {
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <form method="get" className="flex w-full max-w-sm flex-col gap-4">
        <Icon name="leaf" size="l" className="text-leaf" />
        <div>
          <h1 className="text-title font-semibold">Sign in</h1>
          <p className="text-ink-2">
            Your session is over. Open the link that the terminal printed when Teatree started, or paste its
            token here.
          </p>
        </div>
        <TextField label="Token" name="token" type="password" required autoComplete="off" mono />
        <div>
          <Button type="submit" variant="primary">
            Sign in
          </Button>
        </div>
      </form>
    </main>
  );
}
