import { Fragment, useState } from "react";
import { ActionAnchor } from "../../components/Action";
import type { OrderView } from "../../lib/api/types";
import { fileSize, grouped } from "../../lib/format";
import { follow as fr } from "../../lib/fr/follow";

/** A long file name may be cut after an underscore, never inside a date or a code. */
function Breakable({ name }: { name: string }) {
  const [first, ...others] = name.split("_");
  return (
    <>
      {first}
      {others.map((part) => (
        <Fragment key={part}>
          _<wbr />
          {part}
        </Fragment>
      ))}
    </>
  );
}

/** The report, with what is needed to check that the file received is the one that was made. */
export function DownloadPanel({ download }: { download: NonNullable<OrderView["download"]> }) {
  const [copied, setCopied] = useState(false);
  const copy = () => void navigator.clipboard.writeText(download.sha256).then(() => setCopied(true));
  return (
    <section aria-label={fr.download} className="on-navy grid gap-6 bg-navy p-6 text-white md:grid-cols-[1fr_auto] md:items-center md:p-8">
      <dl className="grid min-w-0 gap-3">
        <div>
          <dt className="text-sm text-pale">{fr.file}</dt>
          <dd className="text-lg font-semibold">
            <Breakable name={download.filename} />
          </dd>
        </div>
        <div>
          <dt className="text-sm text-pale">{fr.size}</dt>
          <dd>{fileSize(download.bytes)}</dd>
        </div>
        <div className="min-w-0">
          <dt className="text-sm text-pale">{fr.digest}</dt>
          <dd className="font-mono text-sm">{grouped(download.sha256)}</dd>
        </div>
      </dl>
      <div className="flex flex-col gap-3 self-start">
        <ActionAnchor href={download.url}>{fr.download}</ActionAnchor>
        {/* The clipboard exists on secure origins only. */}
        {"clipboard" in navigator && (
          <button type="button" onClick={copy} className="min-h-11 px-2 text-sm underline underline-offset-4 hover:text-gold">
            {copied ? fr.copied : fr.copy}
          </button>
        )}
        <p role="status" className="sr-only">
          {copied && fr.copied}
        </p>
      </div>
      <div className="border-t border-pale/40 pt-6 md:col-span-2">
        <h2 className="text-base">{fr.figures}</h2>
        <p className="measure mt-1 text-sm text-pale">{fr.figuresWhy}</p>
        <ul role="list" className="mt-3 flex flex-wrap gap-x-8 gap-y-2">
          {[[download.csv_url, fr.csv], [download.json_url, fr.json]].map(([url, name]) => (
            <li key={url}>
              <a href={url} className="inline-flex min-h-11 items-center font-semibold underline underline-offset-4 hover:text-gold">
                {name}
              </a>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
