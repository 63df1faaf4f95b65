/** A follow-up token is `<order uuid without dashes>.<43 characters>`: it names its order and proves the right to see it. */
const SHAPE = /^([0-9a-f]{32})\.[A-Za-z0-9_-]{43}$/;

export interface FollowToken {
  token: string;
  orderId: string;
}

/** `null` when the link was cut or mistyped: no call to the server can succeed with it. */
export function readFollowToken(token: string | null | undefined): FollowToken | null {
  const hex = token ? SHAPE.exec(token)?.[1] : undefined;
  if (!token || !hex) return null;
  const orderId = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  return { token, orderId };
}
