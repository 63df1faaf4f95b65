import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useReducer } from "react";
import type { FollowToken } from "../../lib/followToken";
import { connection, readOrder, START } from "./connection";
import { newer, orderQueries, streamUrl } from "./queries";

const REOPEN_AFTER = 2_000;

/** Keeps the cached order up to date from its event stream while `watching`; answers how the page is connected. */
export function useOrderStream(link: FollowToken, watching: boolean) {
  const client = useQueryClient();
  const [state, signal] = useReducer(connection, START);
  const streaming = watching && state.mode !== "polling" && state.mode !== "ended";

  useEffect(() => {
    if (!streaming) return;
    let source: EventSource;
    let reopening: ReturnType<typeof setTimeout> | undefined;

    function open() {
      source = new EventSource(streamUrl(link));
      source.onopen = () => signal("opened");
      source.onerror = () => {
        signal("failed");
        // The browser reconnects by itself, except after a refusal: then the stream is closed for good.
        if (source.readyState === EventSource.CLOSED) reopening = setTimeout(open, REOPEN_AFTER);
      };
      source.addEventListener("order", (event: MessageEvent<string>) => {
        const order = readOrder(event.data);
        if (!order) return;
        signal("received");
        client.setQueryData(orderQueries.detail(link).queryKey, (known) => newer(known, order));
      });
      source.addEventListener("end", () => {
        source.close();
        signal("ended");
      });
    }

    open();
    return () => {
      clearTimeout(reopening);
      source.close();
    };
  }, [client, link, streaming]);

  return state.mode;
}
