import * as z from "zod/mini";
import { orderForm as fr } from "../../lib/fr/orders";

export const RECIPIENTS = ["particulier", "entreprise", "collectivite"] as const;

/** What the form holds. Both agreements are asked of a consumer only, and never ticked in advance. */
export const orderSchema = z
  .object({
    email: z.string().check(z.trim(), z.minLength(1, fr.errors.emailMissing), z.email(fr.errors.emailShape)),
    recipient: z.enum(RECIPIENTS),
    execution: z.boolean(),
    withdrawal: z.boolean(),
  })
  .check((context) => {
    const { recipient, execution, withdrawal } = context.value;
    if (recipient !== "particulier") return;
    const missing = (field: "execution" | "withdrawal", message: string) =>
      context.issues.push({ code: "custom", path: [field], message, input: context.value });
    if (!execution) missing("execution", fr.errors.execution);
    if (!withdrawal) missing("withdrawal", fr.errors.withdrawal);
  });

export type OrderFields = z.infer<typeof orderSchema>;

export const EMPTY: OrderFields = { email: "", recipient: "particulier", execution: false, withdrawal: false };
