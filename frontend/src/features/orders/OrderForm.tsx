import { zodResolver } from "@hookform/resolvers/zod";
import { useRef } from "react";
import { FormProvider, useForm } from "react-hook-form";
import { useNavigate } from "react-router";
import { asProblem } from "../../lib/api/problem";
import type { CommunePage, Offer, OrderRequest } from "../../lib/api/types";
import { orderForm as fr } from "../../lib/fr/orders";
import { leaveTo } from "../../lib/leave";
import { paths } from "../../lib/paths";
import { Billing } from "./Billing";
import { ErrorSummary } from "./ErrorSummary";
import { Recap } from "./Recap";
import { Recipient } from "./Recipient";
import { EMPTY, type OrderFields, orderSchema } from "./schema";
import { useSafeOrder } from "./useSafeOrder";

/** Fields of the API and where they are asked for on this page. */
const FIELD_OF: Record<string, keyof OrderFields> = { email: "email", recipient: "recipient", consents: "execution" };

const CONSUMER_CONSENTS: OrderRequest["consents"] = ["execution_immediate", "renonciation_retractation"];

export function OrderForm({ commune, offer }: { commune: CommunePage; offer: Offer }) {
  const form = useForm<OrderFields>({
    resolver: zodResolver(orderSchema),
    defaultValues: EMPTY,
    mode: "onSubmit",
    // The summary takes the focus: it tells everything that is missing at once.
    shouldFocusError: false,
  });
  const navigate = useNavigate();
  const summary = useRef<HTMLDivElement>(null);
  const order = useSafeOrder();

  const focusSummary = () => setTimeout(() => summary.current?.focus());

  async function send({ email, recipient }: OrderFields) {
    const consents = recipient === "particulier" ? CONSUMER_CONSENTS : [];
    try {
      const placed = await order.place({ commune: commune.code, study: offer.code, email: email.trim(), recipient, consents });
      // Asked again under its key after it was paid, an order has no payment page any more: its follow-up tells.
      if (placed.payment_url === null) void navigate(paths.follow(placed.follow_token));
      else leaveTo(placed.payment_url);
    } catch (error) {
      for (const { field, message } of asProblem(error).errors) {
        const known = FIELD_OF[field.replace(/^\//, "").split(/[[./]/)[0] ?? ""];
        if (known) form.setError(known, { type: "server", message });
      }
      focusSummary();
    }
  }

  const sending = order.isPending || order.isSuccess;
  return (
    <FormProvider {...form}>
      <form noValidate onSubmit={(event) => void form.handleSubmit(send, focusSummary)(event)} className="grid gap-6 lg:grid-cols-[1fr_26rem]">
        <div className="grid content-start gap-6">
          <ErrorSummary ref={summary} refusal={order.error} />
          <p className="text-sm">{fr.required}</p>
          <Recipient />
          <Billing />
        </div>
        <Recap commune={commune} offer={offer} sending={sending} />
      </form>
    </FormProvider>
  );
}
