//! What happens by itself: sessions expire, slow refunds settle.

use std::sync::Arc;
use std::time::Duration;

use super::session::{Session, Status};
use super::{events, refunds};
use crate::world::World;

/// Looks once a second, and whenever someone moves the clock.
pub fn watch_expiry(world: &Arc<World>) {
    let watched = world.clone();
    world.tasks.spawn(async move {
        loop {
            tokio::select! {
                () = watched.stop.cancelled() => return,
                () = watched.clock.moves() => {}
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
            }
            sweep(&watched);
        }
    });
}

/// Does what is due by the sandbox clock.
pub fn sweep(world: &Arc<World>) {
    let now = world.clock.timestamp();
    let expired: Vec<Session> = {
        let mut store = world.stripe.lock();
        let due: Vec<String> = store
            .sessions
            .iter()
            .filter(|(_, session)| session.status == Status::Open && session.expires_at <= now)
            .map(|(id, _)| id.clone())
            .collect();
        due.iter()
            .filter_map(|id| {
                store.sessions.change(id, |session| {
                    session.status = Status::Expired;
                    session.clone()
                })
            })
            .collect()
    };
    for session in expired {
        events::publish(world, "checkout.session.expired", &session.to_json(&world.base_url), None);
    }
    refunds::settle(world);
}
