import type { OrderStep, OrderView } from "../../lib/api/types";
import { duration } from "../../lib/format";
import { follow as fr } from "../../lib/fr/follow";
import { useNow } from "../../lib/useNow";
import type { Connection } from "./connection";
import { isSettled } from "./queries";
import { StepMark } from "./StepMark";

/** Where the order stands, step by step, with measured times only. */
export function StepList({ order, mode }: { order: OrderView; mode: Connection["mode"] }) {
  const timed = order.steps.some((step) => step.state === "running");
  const now = useNow(timed);
  const last = order.steps.findLast((step) => step.state === "done" || step.state === "failed");
  const current = order.steps.find((step) => step.state === "running") ?? last;
  return (
    <section aria-labelledby="etapes" className="border-t-2 border-navy bg-white p-5 md:p-6">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 id="etapes" className="text-lg">
          {fr.stepsTitle}
        </h2>
        {/* A line of its own on a narrow screen, kept before its words come: nothing below moves. */}
        {!isSettled(order) && <p className="min-h-5 w-full text-sm text-grey sm:w-auto">{modeText(mode)}</p>}
      </div>
      {/* One announcement per step: the text changes only when a step does. */}
      <p aria-live="polite" className="sr-only">
        {current && fr.announce(fr.steps[current.step] ?? current.step, fr.states[current.state] ?? current.state)}
      </p>
      <ol role="list" className="mt-4">
        {order.steps.map((step) => (
          <StepLine key={step.step} step={step} now={now} />
        ))}
      </ol>
      <Durations order={order} now={now} />
    </section>
  );
}

const WORD: Record<string, string> = {
  waiting: "text-sm",
  running: "text-sm font-normal text-grey",
  done: "sr-only",
  failed: "text-error",
};

function StepLine({ step, now }: { step: OrderStep; now: number }) {
  const seconds = elapsed(step.started_at, step.ended_at, now);
  const waiting = step.state === "waiting";
  return (
    <li className="group relative flex gap-4 pb-5 last:pb-0">
      <span aria-hidden="true" className="absolute top-7 bottom-0 left-3.5 w-px bg-rule group-last:hidden" />
      <StepMark state={step.state} />
      <div className="flex min-w-0 flex-1 flex-wrap items-baseline justify-between gap-x-4">
        <p className={waiting ? "text-grey" : "font-semibold"}>
          {fr.steps[step.step] ?? step.step}
          {/* The check mark says that a step is over; only a screen reader needs the word. */}
          <span className={WORD[step.state]}> {fr.stateWords[step.state] ?? step.state}</span>
        </p>
        {!waiting && seconds !== null && <p className="text-sm tabular-nums">{duration(seconds)}</p>}
        {step.detail != null && <p className="w-full text-sm text-grey">{step.detail}</p>}
      </div>
    </li>
  );
}

function Durations({ order, now }: { order: OrderView; now: number }) {
  const { paid_at: paid, delivered_at: delivered, expected_seconds: expected } = order;
  const seconds = order.status === "paid" || order.status === "delivered" ? elapsed(paid, delivered, now) : null;
  const usual = isSettled(order) ? null : expected;
  if (seconds === null && !usual) return null;
  return (
    <div className="mt-5 border-t border-rule pt-4 text-sm">
      {seconds !== null && (
        <p className="tabular-nums">
          {delivered == null ? fr.elapsed : fr.total} : <strong>{duration(seconds)}</strong>
        </p>
      )}
      {usual && <p className="text-grey">{fr.expected(usual.median, usual.p90)}</p>}
    </div>
  );
}

/** Seconds between two instants, up to now when the second has not come; never negative if the clocks disagree. */
function elapsed(from: string | null | undefined, to: string | null | undefined, now: number): number | null {
  if (from == null) return null;
  return Math.max(0, ((to == null ? now : Date.parse(to)) - Date.parse(from)) / 1_000);
}

function modeText(mode: Connection["mode"]): string {
  if (mode === "live") return fr.live;
  if (mode === "retrying") return fr.retrying;
  return mode === "polling" ? fr.polling : "";
}
