import { useFormContext } from "react-hook-form";
import { orderForm as fr } from "../../lib/fr/orders";
import { Block, describedBy, FieldError, hintId } from "./Field";
import type { OrderFields } from "./schema";

/** Who receives the report. */
export function Recipient() {
  const { register, formState } = useFormContext<OrderFields>();
  const message = formState.errors.email?.message;
  return (
    <Block id="destinataire" title={fr.recipientTitle}>
      <label htmlFor="email" className="font-semibold">
        {fr.email}
      </label>
      <p id={hintId("email")} className="text-sm text-grey">
        {fr.emailHint}
      </p>
      <input
        id="email"
        type="email"
        autoComplete="email"
        inputMode="email"
        aria-required="true"
        aria-invalid={message !== undefined}
        aria-describedby={describedBy("email", true, message)}
        className={`mt-2 h-11 w-full max-w-md rounded-box border bg-white px-3 ${message === undefined ? "border-navy" : "border-2 border-error"}`}
        {...register("email")}
      />
      <FieldError id="email" message={message} />
    </Block>
  );
}
