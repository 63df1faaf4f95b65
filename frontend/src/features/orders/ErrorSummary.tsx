import { forwardRef } from "react";
import { useFormContext, useFormState } from "react-hook-form";
import { asProblem } from "../../lib/api/problem";
import { common } from "../../lib/fr/common";
import { orderForm as fr } from "../../lib/fr/orders";
import type { OrderFields } from "./schema";

/** Everything that keeps the order from leaving, in one place that takes the focus; each line leads to its field. */
export const ErrorSummary = forwardRef<HTMLDivElement, { refusal: unknown }>(function ErrorSummary({ refusal }, ref) {
  const { control, setFocus } = useFormContext<OrderFields>();
  const { errors, submitCount } = useFormState({ control });
  const fields = Object.entries(errors) as [keyof OrderFields, { message?: string }][];
  const problem = refusal == null ? null : asProblem(refusal);
  const shown = submitCount > 0 && (fields.length > 0 || problem !== null);
  return (
    <div ref={ref} tabIndex={-1} role="alert" className="focus:outline-2 focus:outline-offset-2 focus:outline-navy">
      {shown && (
        <div className="border-l-4 border-error bg-white p-5">
          <h2 className="text-lg text-error">{problem && fields.length === 0 ? problem.message : fr.summaryTitle}</h2>
          {fields.length > 0 && (
            <ul role="list" className="mt-2 grid">
              {fields.map(([field, { message }]) => (
                <li key={field}>
                  <a
                    href={`#${field}`}
                    className="link inline-flex min-h-8 items-center"
                    onClick={(event) => {
                      event.preventDefault();
                      setFocus(field);
                    }}
                  >
                    {message}
                  </a>
                </li>
              ))}
            </ul>
          )}
          {problem && fields.length === 0 && (
            <>
              {problem.detail !== null && <p className="mt-2">{problem.detail}</p>}
              <p className="mt-2">{problem.passing ? fr.errors.again : fr.errors.kept}</p>
              <p className="mt-2 text-sm text-grey">
                {common.errorCode} <code className="font-mono">{problem.code}</code>
              </p>
              {problem.reference !== null && (
                <p className="text-sm text-grey">
                  {common.reference} <code className="font-mono break-all">{problem.reference}</code>
                </p>
              )}
            </>
          )}
        </div>
      )}
    </div>
  );
});
