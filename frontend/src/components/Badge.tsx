import type { ReactNode } from "react";

export type Tone = "ok" | "caution" | "neutral" | "error";

const TONES: Record<Tone, string> = {
  ok: "border-ok text-ok",
  caution: "border-orange-ink text-orange-ink",
  neutral: "border-grey text-grey",
  error: "border-error text-error",
};

/** A status in words, framed: its colour only repeats what the text says. */
export function Badge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return <span className={`inline-block rounded-box border bg-white px-2 text-sm font-semibold ${TONES[tone]}`}>{children}</span>;
}
