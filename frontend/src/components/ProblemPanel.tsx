import type { ReactNode } from "react";
import { asProblem } from "../lib/api/problem";
import { common } from "../lib/fr/common";
import { ActionButton } from "./Action";

interface Props {
  error: unknown;
  retry?: () => void;
  /** What else the visitor can do. */
  children?: ReactNode;
}

/** A failed call: what happened, what to do, what to quote. */
export function ProblemPanel({ error, retry, children }: Props) {
  const problem = asProblem(error);
  return (
    <div role="alert" className="border-l-4 border-error bg-white p-5">
      <p className="text-lg font-semibold text-error">{problem.message}</p>
      {problem.detail !== null && <p className="measure mt-2">{problem.detail}</p>}
      <p className="mt-3 text-sm text-grey">
        {common.errorCode} <code className="font-mono">{problem.code}</code>
      </p>
      {problem.reference !== null && (
        <p className="text-sm text-grey">
          {common.reference} <code className="font-mono break-all">{problem.reference}</code>
        </p>
      )}
      <div className="mt-4 flex flex-wrap items-center gap-4 empty:hidden">
        {retry && (
          <ActionButton weight="secondary" onClick={retry}>
            {common.retry}
          </ActionButton>
        )}
        {children}
      </div>
    </div>
  );
}
