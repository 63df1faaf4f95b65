import { useFormContext, useWatch } from "react-hook-form";
import { orderForm as fr } from "../../lib/fr/orders";
import { Block, describedBy, FieldError, hintId } from "./Field";
import { type OrderFields, RECIPIENTS } from "./schema";

/** Who pays, and the two agreements the law asks of a consumer. */
export function Billing() {
  const { register, control, formState } = useFormContext<OrderFields>();
  const recipient = useWatch({ control, name: "recipient" });
  const message = formState.errors.recipient?.message;
  return (
    <Block id="facturation" title={fr.billingTitle}>
      <fieldset aria-describedby={describedBy("recipient", false, message)}>
        <legend className="font-semibold">{fr.recipient}</legend>
        <div className="mt-2 grid gap-2">
          {RECIPIENTS.map((value, index) => (
            <div key={value} className="relative flex min-h-11 gap-3 border border-rule p-3 has-checked:border-navy has-checked:bg-mist">
              <input
                type="radio"
                id={index === 0 ? "recipient" : `recipient-${value}`}
                value={value}
                aria-describedby={hintId(value)}
                className="mt-0.5 size-5 shrink-0 accent-navy"
                {...register("recipient")}
              />
              <div>
                {/* The whole frame answers the pointer. */}
                <label htmlFor={index === 0 ? "recipient" : `recipient-${value}`} className="font-semibold after:absolute after:inset-0">
                  {fr.recipients[value].label}
                </label>
                <p id={hintId(value)} className="text-sm text-grey">
                  {fr.recipients[value].hint}
                </p>
              </div>
            </div>
          ))}
        </div>
        <FieldError id="recipient" message={message} />
      </fieldset>
      {recipient === "particulier" && (
        <fieldset className="mt-6 border-t border-rule pt-4" aria-describedby="accords-pourquoi">
          <legend className="float-left w-full font-semibold">{fr.consentsTitle}</legend>
          <p id="accords-pourquoi" className="clear-both text-sm text-grey">
            {fr.consentsWhy}
          </p>
          <Consent name="execution" label={fr.execution} />
          <Consent name="withdrawal" label={fr.withdrawal} />
        </fieldset>
      )}
    </Block>
  );
}

function Consent({ name, label }: { name: "execution" | "withdrawal"; label: string }) {
  const { register, formState } = useFormContext<OrderFields>();
  const message = formState.errors[name]?.message;
  return (
    <div className="mt-3">
      <div className="flex gap-3">
        <input
          type="checkbox"
          id={name}
          aria-required="true"
          aria-invalid={message !== undefined}
          aria-describedby={describedBy(name, false, message)}
          className="mt-0.5 size-6 shrink-0 accent-navy"
          {...register(name)}
        />
        <label htmlFor={name}>{label}</label>
      </div>
      <FieldError id={name} message={message} />
    </div>
  );
}
