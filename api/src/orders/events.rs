//! `GET /api/orders/{id}/events?t=`: an order, live (server-sent events), resumable by position in the log.

use std::{collections::VecDeque, time::Duration};

use axum::{
    extract::State,
    http::HeaderMap,
    response::{
        IntoResponse, Sse,
        sse::{Event, KeepAlive},
    },
};
use chrono::{DateTime, Utc};
use futures::{Stream, stream};
use projections::order_timeline::query::{self, Entry};
use serde::Serialize;
use tokio::time::Instant;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    access::{self, Token},
    sentences::sentence,
    titles::title,
    view::{self, OrderView},
};
use crate::{
    deps::Deps,
    problem,
    problem::Problem,
    request::{Params, Segment},
};

const HEARTBEAT: Duration = Duration::from_secs(15);
/// Between two looks when nothing was announced.
const SLOW: Duration = Duration::from_secs(1);
/// First look after an announcement: the projections follow the log within a few milliseconds.
const FAST: Duration = Duration::from_millis(40);
/// How long an event waits for the order's own row to show it.
const PATIENCE: Duration = Duration::from_secs(2);

/// What an `order` event carries.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderNews {
    /// Place in the log; also the event's `id:`.
    position: i64,
    event_type: String,
    /// French, a few words.
    title: String,
    /// French: one sentence.
    text: String,
    at: DateTime<Utc>,
    /// The order after the event.
    order: OrderView,
}

/// An order, live. `event: order` for each thing that happened, `event: end` when nothing more will.
#[utoipa::path(
    get, path = "/api/orders/{id}/events", operation_id = "follow_order", tag = "orders",
    params(
        ("id" = Uuid, Path, description = "The order"), Token,
        ("Last-Event-ID" = Option<i64>, Header, description = "Resume after this position"),
    ),
    responses(
        (status = 200, description = "`id:` is the place in the log, `data:` an OrderNews", body = OrderNews, content_type = "text/event-stream"),
        (status = 404, description = "order.not_found", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(
    State(deps): State<Deps>,
    Segment(id): Segment,
    Params(token): Params<Token>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let order = access::granted(&deps, &id, token).await?;
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let after = last.and_then(|text| text.trim().parse().ok()).unwrap_or(0);
    // Proxies must pass each event on at once.
    let unbuffered = [("x-accel-buffering", "no")];
    let stream =
        Sse::new(follow(deps, order, after)).keep_alive(KeepAlive::new().interval(HEARTBEAT).text("heartbeat"));
    Ok((unbuffered, stream))
}

struct Follow {
    deps: Deps,
    order: Uuid,
    /// The last position that was sent.
    after: i64,
    ready: VecDeque<Entry>,
    view: Option<OrderView>,
    pause: Duration,
    ended: bool,
}

fn follow(deps: Deps, order: Uuid, after: i64) -> impl Stream<Item = Result<Event, axum::Error>> + Send {
    let start = Follow { deps, order, after, ready: VecDeque::new(), view: None, pause: FAST, ended: false };
    stream::unfold(start, |mut follow| async move {
        let event = follow.next().await?;
        Some((event, follow))
    })
}

impl Follow {
    /// The next event to send; `None` closes the stream, and the browser comes back with its last position.
    async fn next(&mut self) -> Option<Result<Event, axum::Error>> {
        loop {
            if self.ended {
                return None;
            }
            if let (Some(entry), Some(view)) = (self.ready.pop_front(), &self.view) {
                self.after = entry.position;
                return Some(news(entry, view.clone()));
            }
            self.look().await.ok()?;
            if self.ready.is_empty() {
                if self.view.as_ref().is_some_and(OrderView::is_final) {
                    self.ended = true;
                    return Some(Ok(Event::default().event("end").data("{}")));
                }
                self.wait().await?;
            }
        }
    }

    /// Reads what happened since, and the order as it is; waits for the order's row to show what the timeline has.
    async fn look(&mut self) -> Result<(), Problem> {
        let entries = query::of_order(&self.deps.read, self.order, self.after).await?;
        let Some(last) = entries.last().map(|entry| entry.position) else {
            if self.view.is_none() {
                self.view = Some(view::load(&self.deps, self.order).await?);
            }
            return Ok(());
        };
        let deadline = Instant::now() + PATIENCE;
        let mut view = view::load(&self.deps, self.order).await?;
        while view.position < last && Instant::now() < deadline {
            tokio::time::sleep(FAST).await;
            view = view::load(&self.deps, self.order).await?;
        }
        self.view = Some(view);
        self.ready = entries.into();
        self.pause = FAST;
        Ok(())
    }

    /// Until something may have happened; `None` when the server stops.
    async fn wait(&mut self) -> Option<()> {
        let positions = &mut self.deps.positions;
        tokio::select! {
            () = self.deps.stopping.cancelled() => None,
            // Without an announcer there is nothing to hear: only the clock is left.
            heard = async { if positions.changed().await.is_err() { std::future::pending().await } } => {
                let () = heard;
                self.pause = FAST;
                tokio::time::sleep(FAST).await;
                Some(())
            }
            () = tokio::time::sleep(self.pause) => {
                self.pause = (self.pause * 2).min(SLOW);
                Some(())
            }
        }
    }
}

fn news(entry: Entry, order: OrderView) -> Result<Event, axum::Error> {
    let data = OrderNews {
        position: entry.position,
        title: title(&entry.event_type).to_owned(),
        text: sentence(&entry.event_type, &entry.detail),
        event_type: entry.event_type,
        at: entry.at,
        order,
    };
    Event::default().id(data.position.to_string()).event("order").json_data(data)
}
