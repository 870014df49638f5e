export type Tone = "ok" | "fail" | "idle";

/** What a passing word says besides its message. */
export type Saying = { detail?: string; tone?: Tone; link?: { label: string; href: string } };
