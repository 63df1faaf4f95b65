import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ProblemPanel } from "../../components/ProblemPanel";
import { Loading, Skeleton } from "../../components/Skeleton";
import { clock, date } from "../../lib/format";
import { follow as fr } from "../../lib/fr/follow";
import type { FollowToken } from "../../lib/followToken";
import { orderQueries } from "./queries";

/** Every recorded fact of the order, asked for only when the customer opens it. */
export function History({ link, position }: { link: FollowToken; position: number }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="border-t-2 border-navy bg-white p-5 md:p-6" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="min-h-8 cursor-pointer text-lg font-semibold">{fr.history}</summary>
      <p className="mt-1 text-sm text-grey">{fr.historyHint}</p>
      {open && <Entries link={link} position={position} />}
    </details>
  );
}

/** `system:…` and `staff:…` name a program or a person of ours: the customer only needs to know which kind. */
const actor = (name: string) => fr.actors[name.split(":")[0] ?? ""] ?? name;

/** Money can go back days later: the day is written where it changes. */
const newDay = (before: string | undefined, at: string) => before === undefined || date(before) !== date(at);

function Entries({ link, position }: { link: FollowToken; position: number }) {
  const { data, error, isPending, refetch } = useQuery({
    ...orderQueries.timeline(link, position),
    // The old list stays on screen while the new one comes.
    placeholderData: (previous) => previous,
  });
  if (isPending) {
    return (
      <>
        <Loading />
        <Skeleton className="mt-4 h-48" />
      </>
    );
  }
  if (error) return <ProblemPanel error={error} retry={() => void refetch()} />;
  if (data.entries.length === 0) return <p className="mt-4">{fr.historyEmpty}</p>;
  return (
    <ol role="list" className="mt-4">
      {data.entries.map((entry, index) => (
        <li key={entry.event_id} className="grid gap-x-6 border-b border-rule py-2 last:border-0 sm:grid-cols-[11rem_1fr]">
          <time dateTime={entry.at} className="text-sm leading-6 text-grey tabular-nums">
            {newDay(data.entries[index - 1]?.at, entry.at) && <span className="block font-semibold text-navy">{date(entry.at)}</span>}
            {clock(entry.at)}
          </time>
          <div>
            <p>
              {entry.title} <span className="text-sm text-grey">{fr.by(actor(entry.actor))}</span>
            </p>
            {entry.text !== "" && <p className="measure text-sm text-grey">{entry.text}</p>}
          </div>
        </li>
      ))}
    </ol>
  );
}
