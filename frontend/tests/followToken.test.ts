import { expect, test } from "vitest";
import { readFollowToken } from "../src/lib/followToken";
import { ORDER_ID, TOKEN } from "./fixtures";

test("a token names its order", () => expect(readFollowToken(TOKEN)).toEqual({ token: TOKEN, orderId: ORDER_ID }));

test.each([null, undefined, "", "coupe", TOKEN.slice(0, -1), `${TOKEN}x`, TOKEN.replace(".", ""), ORDER_ID, `${TOKEN} `])(
  "« %s » is not a token",
  (text) => expect(readFollowToken(text)).toBeNull(),
);
